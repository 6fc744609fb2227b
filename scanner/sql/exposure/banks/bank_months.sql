-- A bank's months with counts and values, and its own earlier months as a baseline.
--
-- makes: bank_months
-- grain: bank_bic8, month
-- reads: bank_day_sums
--
-- The baseline is the mean of the calendar months from the bank's first to the month
-- before, months without goods included; it needs three of them.
WITH months AS (
    SELECT
        d.bank_bic8,
        date_trunc('month', d.day)::DATE AS month,
        sum(d.payments)::BIGINT AS payments,
        sum(d.value_usd) AS value_usd,
        sum(d.exposed_count)::BIGINT AS exposed_count,
        sum(d.exposed_value_usd) AS exposed_value_usd,
        sum(d.listed_count)::BIGINT AS listed_count,
        sum(d.owned_count)::BIGINT AS owned_count,
        sum(d.items_count)::BIGINT AS items_count,
        sum(d.goods_value_usd) AS goods_value_usd,
        max(d.chain_depth) AS max_chain_depth,
        sum(d.nexus_count)::BIGINT AS nexus_count,
        bool_or(d.is_current) AS is_current
    FROM bank_day_sums AS d
    GROUP BY d.bank_bic8, date_trunc('month', d.day)
),

before_order AS (
    SELECT
        d.bank_bic8,
        sum(d.nexus_count) / sum(d.payments) AS nexus_share
    FROM bank_day_sums AS d
    WHERE d.day < DATE '2023-12-22'
    GROUP BY d.bank_bic8
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
