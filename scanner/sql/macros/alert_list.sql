-- The work queue: every alert with the payment's corridor and parties, hard rules first, then by
-- score. Pass a status such as 'open' to see only those alerts.
--
-- makes: alert_list(wanted_status := NULL)
-- grain: alert_id
-- reads: alerts, transactions, scores
SELECT
    a.alert_id,
    a.reference,
    s.uetr,
    a.value_date,
    a.band,
    a.score,
    a.obligation,
    a.amount_usd,
    concat(coalesce(t.debtor_country, '?'), ' → ', coalesce(t.creditor_country, '?')) AS corridor,
    a.headline,
    a.status,
    a.assigned_to,
    a.reopened_because,
    t.debtor_name,
    t.creditor_name,
    s.limb_persons,
    s.limb_items,
    s.exception,
    a.transaction_id,
    a.payment_id
FROM alerts AS a
LEFT JOIN transactions AS t USING (transaction_id)
LEFT JOIN scores AS s USING (transaction_id)
WHERE wanted_status IS NULL OR a.status = wanted_status
ORDER BY a.obligation DESC, a.score DESC NULLS LAST, s.margin DESC NULLS LAST, a.alert_id
