-- What each party of this run's payments, payer or paid, had to do with Russia or a listed party in
-- strictly earlier payments, and what came in to it in the three days before.
--
-- makes: party_history
-- grain: transaction_id, side
-- reads: timeline
WITH sides AS (
    SELECT
        t.transaction_id,
        t.value_date,
        t.debtor_key AS party_key,
        'debtor' AS side,
        t.amount_usd,
        t.has_russia_nexus,
        t.has_listed_party,
        t.debtor_country = 'RU' AS is_paid_from_russia,
        t.is_current
    FROM timeline AS t
    WHERE t.debtor_key IS NOT NULL
    UNION ALL
    SELECT
        t.transaction_id,
        t.value_date,
        t.creditor_key,
        'creditor',
        t.amount_usd,
        t.has_russia_nexus,
        t.has_listed_party,
        t.debtor_country = 'RU',
        t.is_current
    FROM timeline AS t
    WHERE t.creditor_key IS NOT NULL
),

measured AS (
    SELECT
        s.*,
        count(*) FILTER (s.has_russia_nexus) OVER before_it AS nexus_before,
        count(*) FILTER (s.has_listed_party) OVER before_it AS listed_before,
        max(CASE WHEN s.has_listed_party THEN s.value_date END) OVER before_it AS last_listed_on,
        count(*) FILTER (s.side = 'creditor' AND s.is_paid_from_russia) OVER before_it
            AS russian_payers_before,
        max(CASE WHEN s.side = 'creditor' AND s.is_paid_from_russia THEN s.value_date END)
            OVER before_it AS last_russian_payer_on,
        coalesce(sum(s.amount_usd) FILTER (s.side = 'creditor') OVER (
            PARTITION BY s.party_key
            ORDER BY s.value_date
            RANGE BETWEEN INTERVAL 3 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
        ), 0) AS sum_in_3_days_before
    FROM sides AS s
    WINDOW before_it AS (
        PARTITION BY s.party_key
        ORDER BY s.value_date, s.transaction_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

-- Amounts in classes of about twelve percent: the last inflow of the same class, of the next and
-- of the one after is found without comparing every inflow with every outflow.
inflows AS (
    SELECT
        s.party_key,
        s.value_date,
        floor(ln(s.amount_usd) / 0.12)::INTEGER AS size_class,
        max(s.amount_usd) AS amount_usd
    FROM sides AS s
    WHERE s.side = 'creditor' AND s.amount_usd >= 1
    GROUP BY s.party_key, s.value_date, size_class
),

outflows AS (
    SELECT
        m.transaction_id,
        m.party_key,
        m.value_date,
        m.amount_usd,
        m.value_date - 1 AS day_before,
        floor(ln(m.amount_usd) / 0.12)::INTEGER + unnest([0, 1, 2]) AS size_class
    FROM measured AS m
    WHERE m.side = 'debtor' AND m.amount_usd >= 1
),

one_to_one AS (
    SELECT
        o.transaction_id,
        max(i.amount_usd) AS inflow_usd
    FROM outflows AS o
    ASOF JOIN inflows AS i
        ON i.party_key = o.party_key
        AND i.size_class = o.size_class
        AND o.day_before >= i.value_date
    WHERE i.value_date >= o.value_date - 3
        AND o.amount_usd BETWEEN i.amount_usd * 0.88 AND i.amount_usd
    GROUP BY o.transaction_id
),

passing AS (
    SELECT
        m.*,
        coalesce(
            x.inflow_usd,
            CASE
                WHEN m.amount_usd BETWEEN m.sum_in_3_days_before * 0.88 AND m.sum_in_3_days_before
                    THEN m.sum_in_3_days_before
            END
        ) AS passed_inflow_usd,
        m.side = 'debtor' AND m.amount_usd > 0 AND passed_inflow_usd IS NOT NULL AS is_passing_on
    FROM measured AS m
    LEFT JOIN one_to_one AS x ON x.transaction_id = m.transaction_id AND m.side = 'debtor'
),

counted AS (
    SELECT
        p.*,
        count(*) FILTER (p.is_passing_on) OVER before_it AS passed_on_before,
        -- Passed on within three days after money had come from Russia.
        count(*) FILTER (p.is_passing_on AND p.last_russian_payer_on >= p.value_date - 3)
            OVER before_it AS passed_russian_on_before
    FROM passing AS p
    WINDOW before_it AS (
        PARTITION BY p.party_key
        ORDER BY p.value_date, p.transaction_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)

SELECT c.*
FROM counted AS c
WHERE c.is_current
