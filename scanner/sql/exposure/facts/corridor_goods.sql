-- What a corridor had paid for priority goods before each of its days in this run, strictly earlier.
--
-- makes: corridor_goods
-- grain: debtor_country, creditor_country, value_date
-- reads: goods_timeline, stored_goods
--
-- 2022-02-24 parts trade before and after the invasion (FIN-2023-Alert004).
WITH paid AS (
    SELECT
        g.debtor_country,
        g.creditor_country,
        g.value_date,
        g.amount_usd,
        TRUE AS is_current
    FROM goods_timeline AS g
    WHERE g.is_current
    UNION ALL
    SELECT
        s.debtor_country,
        s.creditor_country,
        s.value_date,
        s.amount_usd,
        FALSE
    FROM stored_goods AS s
),

by_day AS (
    SELECT
        p.debtor_country,
        p.creditor_country,
        p.value_date,
        sum(p.amount_usd::DECIMAL(28, 2)) AS sum_usd,
        bool_or(p.is_current) AS is_current
    FROM paid AS p
    GROUP BY p.debtor_country, p.creditor_country, p.value_date
),

measured AS (
    SELECT
        d.*,
        coalesce(sum(d.sum_usd) OVER (
            PARTITION BY d.debtor_country, d.creditor_country
            ORDER BY d.value_date
            RANGE BETWEEN INTERVAL 365 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
        ), 0)::DOUBLE AS corridor_usd_year_before,
        coalesce(sum(CASE WHEN d.value_date < DATE '2022-02-24' THEN d.sum_usd END) OVER (
            PARTITION BY d.debtor_country, d.creditor_country
            ORDER BY d.value_date
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0)::DOUBLE AS corridor_usd_before_war
    FROM by_day AS d
)

SELECT
    m.debtor_country,
    m.creditor_country,
    m.value_date,
    m.corridor_usd_year_before,
    m.corridor_usd_before_war
FROM measured AS m
WHERE m.is_current
