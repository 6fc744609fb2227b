-- Sums by bank and day of the payments that this run is the first to hold, for later runs.
--
-- makes: bank_days
-- grain: bank_bic8, day, chain_depth
-- reads: bank_transfers, joined_transfers
SELECT
    t.bank_bic8,
    t.day,
    t.chain_depth,
    count(*) AS payments,
    sum(t.amount_usd)::DECIMAL(28, 2) AS value_usd,
    count(*) FILTER (t.is_exposed) AS exposed_count,
    coalesce(sum(t.amount_usd) FILTER (t.is_exposed), 0)::DECIMAL(28, 2) AS exposed_value_usd,
    count(*) FILTER (t.has_listed_party) AS listed_count,
    count(*) FILTER (t.is_owned_by_blocked) AS owned_count,
    count(*) FILTER (t.has_goods) AS items_count,
    count(*) FILTER (t.has_russia_nexus) AS nexus_count,
    coalesce(sum(t.amount_usd) FILTER (t.has_goods), 0)::DECIMAL(28, 2) AS goods_value_usd
FROM bank_transfers AS t
WHERE t.is_current
    AND t.payment_id NOT IN (SELECT j.payment_id FROM joined_transfers AS j)
GROUP BY ALL
