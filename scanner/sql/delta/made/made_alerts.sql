-- The alerts of the run.
--
-- makes: made_alerts
-- grain: alert_id
-- reads: was_alerts, alerts, affected, run
SELECT w.* REPLACE (r.run_id AS run_id)
FROM was_alerts AS w
ANTI JOIN affected AS a ON a.transaction_id = w.transaction_id
CROSS JOIN run AS r
UNION ALL BY NAME
SELECT s.*
FROM alerts AS s
