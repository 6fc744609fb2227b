-- Payments that a licence or exemption may cover, by that exception: a reason to look, never a
-- silent drop.
--
-- makes: exceptions_used()
-- grain: exception
-- reads: scores
SELECT
    s.exception,
    count(*) AS transactions,
    sum(s.amount_usd) AS value_usd,
    count(*) FILTER (s.band IN ('review', 'escalate')) AS still_alerted,
    min(s.value_date) AS first_date,
    max(s.value_date) AS last_date
FROM scores AS s
WHERE s.exception IS NOT NULL
GROUP BY s.exception
ORDER BY transactions DESC, s.exception
