-- First payments of a payer through a bank in another country than that of the bank before, for this
-- run's moves and for later runs.
--
-- makes: move_facts
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts
--
-- A payer is its name and country, since the account changes with the bank. The way is from one
-- bank to the other. Earlier payments alone count: of a payer's stored payments before its first day
-- here the banks and the last payment are enough.
WITH own AS (
    SELECT
        f.transaction_id,
        f.value_date,
        f.debtor_name_hash,
        f.debtor_country,
        f.debtor_agent_bic8
    FROM transfer_facts AS f
    WHERE f.kind NOT IN ('cover', 'return', 'reject')
        AND f.value_date IS NOT NULL
        AND f.debtor_name_hash IS NOT NULL
        AND f.debtor_agent_bic8 IS NOT NULL
),

payers AS (
    SELECT
        o.debtor_name_hash,
        o.debtor_country,
        min(o.value_date) AS first_on,
        max(o.value_date) AS last_on
    FROM own AS o
    GROUP BY o.debtor_name_hash, o.debtor_country
),

stored AS NOT MATERIALIZED (
    SELECT
        h.transaction_id,
        h.value_date,
        h.debtor_name_hash,
        h.debtor_country,
        h.debtor_agent_bic8,
        p.first_on,
        p.last_on
    FROM history_transfer_facts AS h
    INNER JOIN payers AS p
        ON p.debtor_name_hash = h.debtor_name_hash
        AND p.debtor_country IS NOT DISTINCT FROM h.debtor_country
    WHERE h.kind NOT IN ('cover', 'return', 'reject') AND h.debtor_agent_bic8 IS NOT NULL
),

banks_before AS (
    SELECT
        s.debtor_name_hash,
        s.debtor_country,
        s.debtor_agent_bic8,
        max((s.value_date, s.transaction_id)) AS last_payment
    FROM stored AS s
    WHERE s.value_date < s.first_on
    GROUP BY s.debtor_name_hash, s.debtor_country, s.debtor_agent_bic8
),

last_bank AS (
    SELECT
        b.debtor_name_hash,
        b.debtor_country,
        max_by(b.debtor_agent_bic8, b.last_payment) AS bank,
        max(b.last_payment[1]) AS paid_on
    FROM banks_before AS b
    GROUP BY b.debtor_name_hash, b.debtor_country
),

placed AS (
    SELECT
        o.*,
        TRUE AS is_current
    FROM own AS o
    UNION ALL
    SELECT
        s.transaction_id,
        s.value_date,
        s.debtor_name_hash,
        s.debtor_country,
        s.debtor_agent_bic8,
        FALSE
    FROM stored AS s
    WHERE s.value_date BETWEEN s.first_on AND s.last_on
),

seen AS (
    SELECT
        p.*,
        lag(p.debtor_agent_bic8) OVER earlier AS bank_here_before,
        lag(p.value_date) OVER earlier AS paid_here_before,
        row_number() OVER (
            PARTITION BY p.debtor_name_hash, p.debtor_country, p.debtor_agent_bic8
            ORDER BY p.value_date, p.transaction_id
        ) = 1 AS is_first_here_through_bank
    FROM placed AS p
    WINDOW earlier AS (
        PARTITION BY p.debtor_name_hash, p.debtor_country ORDER BY p.value_date, p.transaction_id
    )
),

followed AS (
    SELECT
        s.transaction_id,
        s.value_date,
        s.debtor_name_hash || '|' || coalesce(s.debtor_country, '') AS payer,
        s.debtor_agent_bic8 AS bank,
        coalesce(s.bank_here_before, l.bank) AS bank_before,
        coalesce(s.paid_here_before, l.paid_on) AS paid_before
    FROM seen AS s
    LEFT JOIN last_bank AS l
        ON l.debtor_name_hash = s.debtor_name_hash
        AND l.debtor_country IS NOT DISTINCT FROM s.debtor_country
    LEFT JOIN banks_before AS b
        ON b.debtor_name_hash = s.debtor_name_hash
        AND b.debtor_country IS NOT DISTINCT FROM s.debtor_country
        AND b.debtor_agent_bic8 = s.debtor_agent_bic8
    WHERE s.is_current AND s.is_first_here_through_bank AND b.debtor_agent_bic8 IS NULL
)

SELECT
    f.transaction_id,
    f.payer,
    f.bank,
    f.bank_before,
    f.value_date
FROM followed AS f
WHERE substr(f.bank_before, 5, 2) != substr(f.bank, 5, 2)
    AND f.value_date - f.paid_before <= 180
