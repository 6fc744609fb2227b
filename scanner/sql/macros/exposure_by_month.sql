-- Months of the value date with their payments, what of them is exposed (review or escalate), and
-- how many alerts a hard rule raised. Payments without a value date have no month.
--
-- makes: exposure_by_month()
-- grain: month
-- reads: corridor_exposure, alerts
WITH ruled AS (
    SELECT
        date_trunc('month', a.value_date)::DATE AS month,
        count(*) AS obligation_alerts
    FROM alerts AS a
    WHERE a.obligation
    GROUP BY ALL
)
SELECT
    e.month,
    sum(e.payments)::BIGINT AS payments,
    sum(e.value_usd) AS value_usd,
    sum(e.exposed_count)::BIGINT AS exposed_payments,
    sum(e.exposed_value_usd) AS exposed_value_usd,
    coalesce(any_value(r.obligation_alerts), 0) AS obligation_alerts
FROM corridor_exposure AS e
LEFT JOIN ruled AS r ON r.month = e.month
GROUP BY e.month
ORDER BY e.month
