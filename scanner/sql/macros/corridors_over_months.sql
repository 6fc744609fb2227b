-- Corridors by exposed value over all months: sums of corridor_exposure, which the summary report
-- shows. Exposed are the payments in review or escalate; a country that nothing gives is NULL.
--
-- makes: corridors_over_months()
-- grain: debtor_country, creditor_country
-- reads: corridor_exposure
SELECT
    e.debtor_country,
    e.creditor_country,
    sum(e.payments)::BIGINT AS payments,
    sum(e.value_usd) AS value_usd,
    sum(e.exposed_count)::BIGINT AS exposed_payments,
    sum(e.exposed_value_usd) AS exposed_value_usd,
    sum(e.exposed_value_usd) / nullif(sum(e.value_usd), 0) AS exposed_share,
    sum(e.listed_count)::BIGINT AS listed_payments,
    sum(e.items_count)::BIGINT AS goods_payments
FROM corridor_exposure AS e
GROUP BY e.debtor_country, e.creditor_country
ORDER BY exposed_value_usd DESC, e.debtor_country, e.creditor_country
