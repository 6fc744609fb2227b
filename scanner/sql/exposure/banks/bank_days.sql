-- Sums by bank and day of the payments that this run is the first to hold, for later runs.
--
-- makes: bank_days
-- grain: bank_bic8, day, chain_depth
-- reads: bank_transfers, joined_transfers
SELECT
    t.bank_bic8,
    t.day,
    t.chain_depth,
    sum(t.payments)::BIGINT AS payments,
    sum(t.value_usd)::DECIMAL(28, 2) AS value_usd,
    sum(t.exposed_count)::BIGINT AS exposed_count,
    sum(t.exposed_value_usd)::DECIMAL(28, 2) AS exposed_value_usd,
    sum(t.listed_count)::BIGINT AS listed_count,
    sum(t.owned_count)::BIGINT AS owned_count,
    sum(t.items_count)::BIGINT AS items_count,
    sum(t.goods_value_usd)::DECIMAL(28, 2) AS goods_value_usd,
    sum(t.nexus_count)::BIGINT AS nexus_count
FROM bank_transfers AS t
WHERE t.is_current
    AND t.payment_id NOT IN (SELECT j.payment_id FROM joined_transfers AS j)
GROUP BY ALL
