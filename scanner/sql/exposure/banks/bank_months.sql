-- A bank's months with counts and values, and its own earlier months as a baseline.
--
-- makes: bank_months
-- grain: bank_bic8, month
-- reads: bank_transfers
--
-- The baseline is the mean of the calendar months from the bank's first to the month
-- before, months without goods included; it needs three of them.
WITH months AS (
    SELECT
        t.bank_bic8,
        t.month,
        count(*) AS payments,
        sum(t.amount_usd) AS value_usd,
        count(*) FILTER (t.is_exposed) AS exposed_count,
        coalesce(sum(t.amount_usd) FILTER (t.is_exposed), 0) AS exposed_value_usd,
        count(*) FILTER (t.has_listed_party) AS listed_count,
        count(*) FILTER (t.is_owned_by_blocked) AS owned_count,
        count(*) FILTER (t.has_goods) AS items_count,
        coalesce(sum(t.amount_usd) FILTER (t.has_goods), 0) AS goods_value_usd,
        max(t.chain_depth) AS max_chain_depth,
        count(*) FILTER (t.has_russia_nexus) AS nexus_count,
        bool_or(t.is_current) AS is_current
    FROM bank_transfers AS t
    GROUP BY t.bank_bic8, t.month
),

before_order AS (
    SELECT
        t.bank_bic8,
        avg(t.has_russia_nexus::INTEGER) AS nexus_share
    FROM bank_transfers AS t
    WHERE t.value_date < DATE '2023-12-22'
    GROUP BY t.bank_bic8
),

summed AS (
    SELECT
        m.*,
        min(m.month) OVER (PARTITION BY m.bank_bic8) AS first_month,
        coalesce(sum(m.goods_value_usd) OVER earlier, 0) AS earlier_goods_value_usd,
        lag(m.exposed_value_usd) OVER (PARTITION BY m.bank_bic8 ORDER BY m.month)
            AS previous_exposed_value_usd
    FROM months AS m
    WINDOW earlier AS (
        PARTITION BY m.bank_bic8 ORDER BY m.month ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)

SELECT
    s.* EXCLUDE (first_month, earlier_goods_value_usd),
    b.nexus_share AS nexus_share_before_order,
    CASE
        WHEN datediff('month', s.first_month, s.month) >= 3
            THEN s.earlier_goods_value_usd / datediff('month', s.first_month, s.month)
    END AS baseline_value_usd
FROM summed AS s
LEFT JOIN before_order AS b ON b.bank_bic8 = s.bank_bic8
