-- Sums by corridor and day of the payments that this run is the first to hold, for later runs.
--
-- makes: corridor_days
-- grain: debtor_country, creditor_country, day
-- reads: exposed_transfers, joined_transfers
SELECT
    t.debtor_country,
    t.creditor_country,
    t.day,
    sum(t.payments)::BIGINT AS payments,
    sum(t.value_usd)::DECIMAL(28, 2) AS value_usd,
    sum(t.exposed_count)::BIGINT AS exposed_count,
    sum(t.exposed_value_usd)::DECIMAL(28, 2) AS exposed_value_usd,
    sum(t.listed_count)::BIGINT AS listed_count,
    sum(t.owned_count)::BIGINT AS owned_count,
    sum(t.items_count)::BIGINT AS items_count,
    sum(t.nexus_count)::BIGINT AS nexus_count
FROM exposed_transfers AS t
WHERE t.is_current
    AND t.payment_id NOT IN (SELECT j.payment_id FROM joined_transfers AS j)
GROUP BY ALL
