-- What moves the scores: for each reason its transactions, its mean contribution in log-odds, and
-- how many of its transactions are alerts.
--
-- makes: reasons_summary()
-- grain: code
-- reads: scores
WITH each_reason AS (
    SELECT s.transaction_id, s.band, unnest(s.reasons) AS reason
    FROM scores AS s
)
SELECT
    e.reason.code AS code,
    count(*) AS transactions,
    avg(e.reason.contribution) AS mean_contribution,
    max(e.reason.contribution) AS max_contribution,
    count(*) FILTER (e.band IN ('review', 'escalate')) AS alerted,
    any_value(e.reason.words ORDER BY e.transaction_id) AS example
FROM each_reason AS e
GROUP BY e.reason.code
ORDER BY transactions DESC, code
