-- Alerts on payments in which a bank takes part as sender, receiver or agent. Give its BIC with
-- 8 or 11 characters: branches count with their head office.
--
-- makes: alerts_for(bic)
-- grain: alert_id
-- reads: alerts, transactions, parties
WITH asked AS (
    SELECT left(upper(bic), 8) AS bic8
)
SELECT a.*
FROM alerts AS a
WHERE a.transaction_id IN (
    SELECT t.transaction_id
    FROM transactions AS t
    JOIN asked ON asked.bic8 IN (left(t.sender_bic, 8), left(t.receiver_bic, 8))
    UNION
    SELECT p.transaction_id
    FROM parties AS p
    JOIN asked ON p.is_agent AND left(p.bic, 8) = asked.bic8
)
ORDER BY a.obligation DESC, a.score DESC, a.alert_id
