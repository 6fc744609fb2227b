-- The work queue: every alert with the payment's corridor and parties, hard rules first, then by
-- score. Pass a status such as 'open' ('undecided': neither confirmed nor cleared), a band, a
-- bank's BIC, a person who works on them, or alert_ids to see only those, and how many at most.
--
-- makes: alert_list(wanted_status := NULL, wanted_band := NULL, wanted_bic := NULL,
-- wanted_person := NULL, wanted_alerts := NULL, most := NULL)
-- grain: alert_id
-- reads: alerts
--
-- What is wanted is put in order by narrow rows first: millions of alerts with all their words would
-- not fit into the memory of a query.
WITH worst AS (
    SELECT w.alert_id
    FROM alerts AS w
    WHERE (
            wanted_status IS NULL
            OR w.status = wanted_status
            OR (wanted_status = 'undecided' AND w.status NOT IN ('confirmed', 'cleared'))
        )
        AND (wanted_band IS NULL OR w.band = wanted_band)
        AND (wanted_person IS NULL OR w.assigned_to = wanted_person)
        AND (wanted_alerts IS NULL OR w.alert_id IN (SELECT unnest(wanted_alerts)))
        AND (
            wanted_bic IS NULL
            OR w.alert_id IN (SELECT f.alert_id FROM alerts_for(wanted_bic) AS f)
        )
    ORDER BY w.obligation DESC, w.score DESC NULLS LAST, w.margin DESC NULLS LAST, w.alert_id
    LIMIT most
)

SELECT
    a.alert_id,
    a.reference,
    a.uetr,
    a.value_date,
    a.band,
    a.score,
    a.margin,
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
WHERE a.alert_id IN (SELECT w.alert_id FROM worst AS w)
ORDER BY a.obligation DESC, a.score DESC NULLS LAST, a.margin DESC NULLS LAST, a.alert_id
