-- Which red flags were found most, and on how many alerts?
--
-- makes: red_flags
-- grain: code
-- reads: indicators, alerts
SELECT
    i.code,
    i.limb,
    count(DISTINCT i.transaction_id) AS transactions,
    count(DISTINCT a.alert_id) AS alerts
FROM indicators AS i
LEFT JOIN alerts AS a USING (transaction_id)
WHERE i.outcome = 'found'
GROUP BY i.code, i.limb
ORDER BY transactions DESC, i.code
