-- What payer, pair and corridor had paid for priority goods before each of this run's payments for
-- them, strictly earlier.
--
-- makes: goods_history
-- grain: transaction_id
-- reads: goods_timeline, corridor_goods
--
-- 2022-02-24 parts trade before and after the invasion (FIN-2023-Alert004).
WITH measured AS (
    SELECT
        g.*,
        count(*) OVER payer AS payer_goods_before,
        count(*) FILTER (g.value_date < DATE '2022-02-24') OVER payer AS payer_goods_before_war,
        coalesce(sum(CASE WHEN g.value_date < DATE '2022-02-24' THEN g.amount_usd END) OVER payer, 0)
            AS payer_usd_before_war,
        min(g.value_date) OVER payer AS payer_first_goods_on,
        coalesce(sum(g.amount_usd) OVER payer_year, 0) AS payer_usd_year_before,
        count(*) OVER payer_month AS payer_goods_30_days_before,
        count(DISTINCT g.creditor_key) OVER payer_month AS suppliers_30_days_before,
        coalesce(max(g.amount_usd) OVER payer_month, 0) AS largest_30_days_before,
        count(*) OVER pair_fortnight AS pair_goods_14_days_before,
        avg(g.amount_usd) OVER pair_fortnight AS pair_mean_14_days_before,
        stddev_pop(g.amount_usd) OVER pair_fortnight AS pair_spread_14_days_before
    FROM goods_timeline AS g
    WINDOW
        payer AS (
            PARTITION BY g.debtor_key
            ORDER BY g.value_date, g.transaction_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        payer_year AS (
            PARTITION BY g.debtor_key
            ORDER BY g.value_date
            RANGE BETWEEN INTERVAL 365 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
        ),
        payer_month AS (
            PARTITION BY g.debtor_key
            ORDER BY g.value_date
            RANGE BETWEEN INTERVAL 30 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
        ),
        pair_fortnight AS (
            PARTITION BY g.debtor_key, g.creditor_key
            ORDER BY g.value_date
            RANGE BETWEEN INTERVAL 14 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
        )
)

SELECT
    m.*,
    c.corridor_usd_year_before,
    c.corridor_usd_before_war
FROM measured AS m
INNER JOIN corridor_goods AS c
    ON c.debtor_country IS NOT DISTINCT FROM m.debtor_country
    AND c.creditor_country IS NOT DISTINCT FROM m.creditor_country
    AND c.value_date = m.value_date
WHERE m.is_current
