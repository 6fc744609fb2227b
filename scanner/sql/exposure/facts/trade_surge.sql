-- How a corridor's trade in priority goods stands against its mean of the years before 2022-02, by
-- month, from statistics that the bank gives (reporter's exports to partner).
--
-- makes: trade_surge
-- grain: reporter, partner, month
-- reads: trade_baselines, ref_chpl
--
-- Seed case: 144 million in nine months of 2023 against a yearly mean of 26 million.
WITH monthly AS (
    SELECT
        b.reporter,
        b.partner,
        b.month,
        sum(b.value_usd) AS value_usd
    FROM trade_baselines AS b
    WHERE left(b.hs_code, 6) IN (SELECT c.hs6 FROM ref_chpl AS c)
    GROUP BY b.reporter, b.partner, b.month
),

before_war AS (
    SELECT
        m.reporter,
        m.partner,
        12 * sum(m.value_usd)
        / greatest(datediff('month', min(m.month), DATE '2022-02-01'), 12) AS usd_a_year_before
    FROM monthly AS m
    WHERE m.month < DATE '2022-02-01'
    GROUP BY m.reporter, m.partner
),

yearly AS (
    SELECT
        m.reporter,
        m.partner,
        m.month,
        sum(m.value_usd) OVER (
            PARTITION BY m.reporter, m.partner
            ORDER BY m.month
            RANGE BETWEEN INTERVAL 11 MONTH PRECEDING AND CURRENT ROW
        ) AS usd_in_a_year
    FROM monthly AS m
)

SELECT
    y.reporter,
    y.partner,
    y.month,
    y.usd_in_a_year,
    b.usd_a_year_before,
    y.usd_in_a_year / nullif(b.usd_a_year_before, 0) AS factor
FROM yearly AS y
INNER JOIN before_war AS b ON b.reporter = y.reporter AND b.partner = y.partner
WHERE y.month >= DATE '2022-02-01'
