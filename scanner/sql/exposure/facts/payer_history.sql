-- What a payer had done before each of this run's payments, strictly earlier.
--
-- makes: payer_history
-- grain: transaction_id
-- reads: timeline
WITH marked AS (
    SELECT
        t.*,
        row_number() OVER pair_in_order - 1 AS pair_payments_before,
        row_number() OVER (
            PARTITION BY t.debtor_key, t.debtor_name_key ORDER BY t.value_date, t.transaction_id
        ) = 1 AS is_new_name,
        row_number() OVER (
            PARTITION BY t.debtor_key, t.creditor_country ORDER BY t.value_date, t.transaction_id
        ) - 1 AS corridor_payments_before
    FROM timeline AS t
    WHERE t.debtor_key IS NOT NULL
    WINDOW pair_in_order AS (
        PARTITION BY t.debtor_key, t.creditor_key ORDER BY t.value_date, t.transaction_id
    )
),

measured AS (
    SELECT
        m.*,
        count(*) OVER before_it AS payments_before,
        avg(m.amount_usd) OVER before_it AS mean_usd_before,
        max(m.value_date) OVER before_it AS last_on,
        count(*) FILTER (m.has_russia_nexus) OVER before_it AS nexus_before,
        max(CASE WHEN m.has_russia_nexus THEN m.value_date END) OVER before_it AS last_nexus_on,
        sum(m.is_new_name::INTEGER) OVER (
            PARTITION BY m.debtor_key
            ORDER BY m.value_date, m.transaction_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS names_of_account,
        coalesce(sum(m.amount_usd) OVER (
            PARTITION BY m.debtor_key
            ORDER BY m.value_date
            RANGE BETWEEN INTERVAL 30 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
        ), 0) AS usd_30_days_before,
        coalesce(sum(m.amount_usd) OVER (
            PARTITION BY m.debtor_key
            ORDER BY m.value_date
            RANGE BETWEEN INTERVAL 395 DAY PRECEDING AND INTERVAL 31 DAY PRECEDING
        ), 0) AS usd_year_before,
        min(m.value_date) OVER before_it AS first_on
    FROM marked AS m
    WINDOW before_it AS (
        PARTITION BY m.debtor_key
        ORDER BY m.value_date, m.transaction_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)

SELECT m.*
FROM measured AS m
WHERE m.is_current
