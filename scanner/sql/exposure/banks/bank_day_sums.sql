-- A bank's days over all that is stored and this run, each payment counted once.
--
-- makes: bank_day_sums
-- grain: bank_bic8, day, chain_depth
-- reads: bank_transfers, history_bank_days, run
WITH summed AS (
    SELECT
        t.bank_bic8,
        t.day,
        t.chain_depth,
        t.payments,
        t.value_usd,
        t.exposed_count,
        t.exposed_value_usd,
        t.listed_count,
        t.owned_count,
        t.items_count,
        t.goods_value_usd,
        t.nexus_count,
        t.is_current
    FROM bank_transfers AS t
    UNION ALL BY NAME
    SELECT
        h.*,
        FALSE AS is_current
    FROM history_bank_days AS h
)

SELECT
    s.bank_bic8,
    s.day,
    s.chain_depth,
    sum(s.payments)::BIGINT AS payments,
    sum(s.value_usd) AS value_usd,
    sum(s.exposed_count)::BIGINT AS exposed_count,
    sum(s.exposed_value_usd) AS exposed_value_usd,
    sum(s.listed_count)::BIGINT AS listed_count,
    sum(s.owned_count)::BIGINT AS owned_count,
    sum(s.items_count)::BIGINT AS items_count,
    sum(s.goods_value_usd) AS goods_value_usd,
    sum(s.nexus_count)::BIGINT AS nexus_count,
    bool_or(s.is_current) AS is_current
FROM summed AS s
CROSS JOIN run AS w
WHERE NOT list_contains(coalesce(w.home_bic8s, []), s.bank_bic8)
GROUP BY s.bank_bic8, s.day, s.chain_depth
HAVING sum(s.payments) > 0
