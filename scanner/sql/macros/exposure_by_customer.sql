-- Which customers carry exposure: one row per customer, over the months that lie in the given dates.
-- A payment counts once. Exposed are the payments in review or escalate.
--
-- makes: exposure_by_customer(from_date := NULL, to_date := NULL)
-- grain: customer_id
-- reads: customer_exposure, customers
SELECT
    e.customer_id,
    any_value(c.name) AS name,
    any_value(c.country) AS country,
    sum(e.payments)::BIGINT AS payments,
    sum(e.value_usd) AS value_usd,
    sum(e.exposed_count)::BIGINT AS exposed_payments,
    sum(e.exposed_value_usd) AS exposed_value_usd,
    sum(e.exposed_value_usd) / nullif(sum(e.value_usd), 0) AS exposed_share,
    sum(e.listed_count)::BIGINT AS listed_payments,
    sum(e.owned_count)::BIGINT AS owned_payments,
    sum(e.items_count)::BIGINT AS goods_payments,
    sum(e.nexus_count)::BIGINT AS nexus_payments
FROM customer_exposure AS e
LEFT JOIN (SELECT DISTINCT ON (customer_id) * FROM customers ORDER BY customer_id, account) AS c
    ON c.customer_id = e.customer_id
WHERE (from_date IS NULL OR e.month >= date_trunc('month', from_date::DATE))
    AND (to_date IS NULL OR e.month <= to_date::DATE)
GROUP BY e.customer_id
ORDER BY exposed_value_usd DESC, e.customer_id
