-- What a payer had done before each of this run's payments, strictly earlier.
--
-- makes: payer_history
-- grain: transaction_id
-- reads: timeline, payer_past, pair_past, run_parties, history_transfer_facts
--
-- What lies before the payer's first day here is summed in `payer_past` and `pair_past`; stored payments
-- between its days stand among this run's. Sums over days are decimals.
WITH placed AS (
    SELECT
        t.*,
        TRUE AS is_current
    FROM timeline AS t
    WHERE t.debtor_hash IS NOT NULL
    UNION ALL BY NAME
    SELECT
        h.transaction_id,
        h.value_date,
        coalesce(h.amount_usd, 0) AS amount_usd,
        h.debtor_hash,
        h.creditor_hash,
        h.debtor_name_hash,
        h.creditor_country,
        coalesce(h.has_russia_nexus, FALSE) AS has_russia_nexus,
        FALSE AS is_current
    FROM history_transfer_facts AS h
    INNER JOIN run_parties AS p ON p.party_hash = h.debtor_hash
    WHERE h.value_date BETWEEN p.first_paid_on AND p.last_paid_on AND coalesce(h.is_lead, TRUE)
),

by_payer AS (
    SELECT
        p.debtor_hash,
        sum(p.payments)::BIGINT AS payments,
        sum(p.sum_usd) AS sum_usd,
        min(p.first_on) AS first_on,
        max(p.last_on) AS last_on,
        sum(p.nexus_payments)::BIGINT AS nexus_payments,
        max(p.last_nexus_on) AS last_nexus_on
    FROM payer_past AS p
    GROUP BY p.debtor_hash
),

by_country AS (
    SELECT
        p.debtor_hash,
        p.creditor_country,
        sum(p.payments)::BIGINT AS payments
    FROM payer_past AS p
    GROUP BY p.debtor_hash, p.creditor_country
),

by_name AS (
    SELECT DISTINCT
        p.debtor_hash,
        p.debtor_name_hash
    FROM payer_past AS p
),

names AS (
    SELECT
        n.debtor_hash,
        count(*) AS names
    FROM by_name AS n
    GROUP BY n.debtor_hash
),

payer_days AS (
    SELECT DISTINCT
        t.debtor_hash,
        t.value_date
    FROM timeline AS t
    WHERE t.debtor_hash IS NOT NULL
),

stored_days AS (
    SELECT
        h.debtor_hash,
        h.value_date,
        sum(h.amount_usd::DECIMAL(28, 2)) AS sum_usd
    FROM history_transfer_facts AS h
    INNER JOIN run_parties AS p ON p.party_hash = h.debtor_hash
    WHERE h.value_date BETWEEN p.first_paid_on - 395 AND p.last_paid_on
        AND coalesce(h.is_lead, TRUE)
        AND h.amount_usd IS NOT NULL
    GROUP BY h.debtor_hash, h.value_date
),

stored_sums AS (
    SELECT
        d.debtor_hash,
        d.value_date,
        sum(s.sum_usd) FILTER (s.value_date >= d.value_date - 30) AS usd_30_days_before,
        sum(s.sum_usd) FILTER (s.value_date < d.value_date - 30) AS usd_year_before
    FROM payer_days AS d
    INNER JOIN stored_days AS s
        ON s.debtor_hash = d.debtor_hash
        AND s.value_date BETWEEN d.value_date - 395 AND d.value_date - 1
    GROUP BY d.debtor_hash, d.value_date
),

marked AS (
    SELECT
        p.*,
        row_number() OVER (
            PARTITION BY p.debtor_hash, p.creditor_hash ORDER BY p.value_date, p.transaction_id
        ) - 1 AS pair_payments,
        row_number() OVER (
            PARTITION BY p.debtor_hash, p.creditor_country ORDER BY p.value_date, p.transaction_id
        ) - 1 AS corridor_payments,
        n.debtor_hash IS NULL AND row_number() OVER (
            PARTITION BY p.debtor_hash, p.debtor_name_hash ORDER BY p.value_date, p.transaction_id
        ) = 1 AS is_new_name
    FROM placed AS p
    LEFT JOIN by_name AS n
        ON n.debtor_hash = p.debtor_hash AND n.debtor_name_hash IS NOT DISTINCT FROM p.debtor_name_hash
),

measured AS (
    SELECT
        m.*,
        count(*) OVER before_it AS payments,
        coalesce(sum(m.amount_usd::DECIMAL(28, 2)) OVER before_it, 0) AS sum_usd,
        min(m.value_date) OVER before_it AS own_first_on,
        max(m.value_date) OVER before_it AS own_last_on,
        count(*) FILTER (m.has_russia_nexus) OVER before_it AS nexus_payments,
        max(CASE WHEN m.has_russia_nexus THEN m.value_date END) OVER before_it AS own_last_nexus_on,
        sum(m.is_new_name::INTEGER) OVER (
            PARTITION BY m.debtor_hash
            ORDER BY m.value_date, m.transaction_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS new_names,
        coalesce(
            sum(CASE WHEN m.is_current THEN m.amount_usd::DECIMAL(28, 2) END) OVER (
                PARTITION BY m.debtor_hash
                ORDER BY m.value_date
                RANGE BETWEEN INTERVAL 30 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
            ), 0
        ) AS own_usd_30_days,
        coalesce(
            sum(CASE WHEN m.is_current THEN m.amount_usd::DECIMAL(28, 2) END) OVER (
                PARTITION BY m.debtor_hash
                ORDER BY m.value_date
                RANGE BETWEEN INTERVAL 395 DAY PRECEDING AND INTERVAL 31 DAY PRECEDING
            ), 0
        ) AS own_usd_year
    FROM marked AS m
    WINDOW before_it AS (
        PARTITION BY m.debtor_hash
        ORDER BY m.value_date, m.transaction_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)

SELECT
    m.transaction_id,
    m.payment_id,
    m.value_date,
    m.amount_usd,
    m.debtor_key,
    m.debtor_name_key,
    m.creditor_country,
    m.has_goods,
    m.has_russia_nexus,
    m.pair_payments + coalesce(b.payments, 0) AS pair_payments_before,
    m.corridor_payments + coalesce(c.payments, 0) AS corridor_payments_before,
    m.payments + coalesce(y.payments, 0) AS payments_before,
    (m.sum_usd + coalesce(y.sum_usd, 0))::DOUBLE / nullif(m.payments + coalesce(y.payments, 0), 0)
        AS mean_usd_before,
    least(y.first_on, m.own_first_on) AS first_on,
    greatest(y.last_on, m.own_last_on) AS last_on,
    m.nexus_payments + coalesce(y.nexus_payments, 0) AS nexus_before,
    greatest(y.last_nexus_on, m.own_last_nexus_on) AS last_nexus_on,
    (m.new_names + coalesce(n.names, 0))::BIGINT AS names_of_account,
    (m.own_usd_30_days + coalesce(s.usd_30_days_before, 0))::DOUBLE AS usd_30_days_before,
    (m.own_usd_year + coalesce(s.usd_year_before, 0))::DOUBLE AS usd_year_before
FROM measured AS m
LEFT JOIN by_payer AS y ON y.debtor_hash = m.debtor_hash
LEFT JOIN pair_past AS b
    ON b.debtor_hash = m.debtor_hash AND b.creditor_hash IS NOT DISTINCT FROM m.creditor_hash
LEFT JOIN by_country AS c
    ON c.debtor_hash = m.debtor_hash AND c.creditor_country IS NOT DISTINCT FROM m.creditor_country
LEFT JOIN names AS n ON n.debtor_hash = m.debtor_hash
LEFT JOIN stored_sums AS s ON s.debtor_hash = m.debtor_hash AND s.value_date = m.value_date
WHERE m.is_current
