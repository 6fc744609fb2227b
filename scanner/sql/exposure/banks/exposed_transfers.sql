-- The payments among the loose transfers, each once, as measures to be summed; with weight -1 as
-- stored sums have them.
--
-- makes: exposed_transfers
-- grain: payment_id, weight
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

once AS (
    SELECT
        w.payment_id,
        w.weight,
        min(w.value_date) AS day,
        max(w.amount_usd)::DECIMAL(28, 2) AS amount_usd,
        max(w.customer_id) AS customer_id,
        max(w.debtor_country) AS debtor_country,
        max(w.creditor_country) AS creditor_country,
        bool_or(w.is_exposed) AS is_exposed,
        bool_or(w.has_listed_party) AS has_listed_party,
        bool_or(w.is_owned_by_blocked) AS is_owned_by_blocked,
        bool_or(w.has_goods) AS has_goods,
        bool_or(w.has_russia_nexus) AS has_russia_nexus,
        bool_or(w.is_current) AS is_current
    FROM weighed AS w
    GROUP BY w.payment_id, w.weight
)

SELECT
    t.payment_id,
    t.weight,
    t.day,
    t.customer_id,
    t.debtor_country,
    t.creditor_country,
    t.is_current,
    t.weight AS payments,
    t.weight * t.amount_usd AS value_usd,
    t.weight * t.is_exposed::INTEGER AS exposed_count,
    t.weight * t.is_exposed::INTEGER * t.amount_usd AS exposed_value_usd,
    t.weight * t.has_listed_party::INTEGER AS listed_count,
    t.weight * t.is_owned_by_blocked::INTEGER AS owned_count,
    t.weight * t.has_goods::INTEGER AS items_count,
    t.weight * t.has_russia_nexus::INTEGER AS nexus_count
FROM once AS t
