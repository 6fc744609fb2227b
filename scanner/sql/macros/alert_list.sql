-- The work queue: every alert with the payment's corridor and parties, hard rules first, then by
-- score. Pass a status such as 'open' to see only those alerts.
--
-- makes: alert_list(wanted_status := NULL)
-- grain: alert_id
-- reads: alerts
SELECT
    a.alert_id,
    a.reference,
    a.uetr,
    a.value_date,
    a.band,
    a.score,
    a.obligation,
    a.amount_usd,
    concat(coalesce(a.debtor_country, '?'), ' → ', coalesce(a.creditor_country, '?')) AS corridor,
    a.headline,
    a.status,
    a.assigned_to,
    a.reopened_because,
    a.debtor_name,
    a.creditor_name,
    a.limb_persons,
    a.limb_items,
    a.exception,
    a.transaction_id,
    a.payment_id
FROM alerts AS a
WHERE wanted_status IS NULL OR a.status = wanted_status
ORDER BY a.obligation DESC, a.score DESC NULLS LAST, a.margin DESC NULLS LAST, a.alert_id
