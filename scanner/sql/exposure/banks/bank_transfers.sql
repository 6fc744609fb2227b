-- The payments of a bank among the loose transfers, each once, as measures to be summed; with weight
-- -1 as stored sums have them.
--
-- makes: bank_transfers
-- grain: bank_bic8, payment_id, weight
-- reads: loose_transfers
WITH weighed AS (
    SELECT
        l.*,
        1 AS weight
    FROM loose_transfers AS l
    UNION ALL
    SELECT
        s.*,
        -1
    FROM loose_transfers AS s
    WHERE s.is_summed
),

chained AS (
    SELECT
        unnest(w.agent_bic8s) AS bank_bic8,
        w.*
    FROM weighed AS w
),

once AS (
    SELECT
        c.bank_bic8,
        c.payment_id,
        c.weight,
        min(c.value_date) AS day,
        max(c.amount_usd)::DECIMAL(28, 2) AS amount_usd,
        bool_or(c.is_exposed) AS is_exposed,
        bool_or(c.has_listed_party) AS has_listed_party,
        bool_or(c.is_owned_by_blocked) AS is_owned_by_blocked,
        bool_or(c.has_goods) AS has_goods,
        bool_or(c.has_russia_nexus) AS has_russia_nexus,
        max(len(c.agent_bic8s)) AS chain_depth,
        bool_or(c.is_current) AS is_current
    FROM chained AS c
    GROUP BY c.bank_bic8, c.payment_id, c.weight
)

SELECT
    t.bank_bic8,
    t.payment_id,
    t.weight,
    t.day,
    t.chain_depth,
    t.is_current,
    t.weight AS payments,
    t.weight * t.amount_usd AS value_usd,
    t.weight * t.is_exposed::INTEGER AS exposed_count,
    t.weight * t.is_exposed::INTEGER * t.amount_usd AS exposed_value_usd,
    t.weight * t.has_listed_party::INTEGER AS listed_count,
    t.weight * t.is_owned_by_blocked::INTEGER AS owned_count,
    t.weight * t.has_goods::INTEGER AS items_count,
    t.weight * t.has_goods::INTEGER * t.amount_usd AS goods_value_usd,
    t.weight * t.has_russia_nexus::INTEGER AS nexus_count
FROM once AS t
