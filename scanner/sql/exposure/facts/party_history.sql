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
        ), 0) AS usd_in_3_days_before
    FROM sides AS s
    WINDOW before_it AS (
        PARTITION BY s.party_key
        ORDER BY s.value_date, s.transaction_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

passing AS (
    SELECT
        m.*,
        m.side = 'debtor'
        AND m.usd_in_3_days_before > 0
        AND m.amount_usd BETWEEN m.usd_in_3_days_before * 0.88 AND m.usd_in_3_days_before
            AS is_passing_on
    FROM measured AS m
),

counted AS (
    SELECT
        p.*,
        count(*) FILTER (p.is_passing_on) OVER (
            PARTITION BY p.party_key
            ORDER BY p.value_date, p.transaction_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS passed_on_before
    FROM passing AS p
)

SELECT c.*
FROM counted AS c
WHERE c.is_current
