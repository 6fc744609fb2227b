-- The lowest score at which the model alone raised an alert: the line of review as it worked.
--
-- makes: review_line()
-- grain: one row
-- reads: scores
SELECT min(s.score) AS lowest_alerted
FROM scores AS s
WHERE s.band IN ('review', 'escalate') AND NOT s.obligation
