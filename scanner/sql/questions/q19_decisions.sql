-- Who decided what, and why?
--
-- makes: decisions
-- grain: decision_id
-- reads: decisions
SELECT decided_at_utc, alert_id, decided_by, action, status, reason
FROM decisions
ORDER BY sequence
