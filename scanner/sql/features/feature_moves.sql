-- Whether the payer came from a bank in another country lately, and how many others went the same way.
--
-- makes: feature_moves
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts, past_facts
--
-- A payer is its name and country, since the account changes with the bank. The way is from
-- one bank to the other: when a bank leaves a corridor its customers meet again at the next.
-- Earlier payments alone count: a move is the first payment through the new bank, and on the
-- day of a payment only the moves up to that day are known. The past is looked through for this
-- run's payers first, then for all who left the banks that these left.
WITH own AS (
    SELECT
        f.transaction_id,
        f.value_date,
        f.debtor_name_key,
        f.debtor_country,
        f.debtor_agent_bic8
    FROM transfer_facts AS f
    WHERE f.kind NOT IN ('cover', 'return', 'reject') AND f.value_date IS NOT NULL
),

paid AS NOT MATERIALIZED (
    SELECT o.*
    FROM own AS o
    UNION ALL
    SELECT
        h.transaction_id,
        h.value_date,
        h.debtor_name_key,
        h.debtor_country,
        h.debtor_agent_bic8
    FROM history_transfer_facts AS h
    WHERE h.kind NOT IN ('cover', 'return', 'reject') AND h.value_date IS NOT NULL
),

paid_by_own AS (
    SELECT o.*
    FROM own AS o
    UNION ALL
    SELECT
        p.transaction_id,
        p.value_date,
        p.debtor_name_key,
        p.debtor_country,
        p.debtor_agent_bic8
    FROM past_facts AS p
    WHERE p.kind NOT IN ('cover', 'return', 'reject')
),

own_in_order AS (
    SELECT
        o.value_date,
        o.debtor_agent_bic8 AS bank,
        lag(o.debtor_agent_bic8) OVER earlier AS bank_before,
        row_number() OVER (
            PARTITION BY o.debtor_name_key, o.debtor_country, o.debtor_agent_bic8
            ORDER BY o.value_date, o.transaction_id
        ) = 1 AS is_first_through_bank
    FROM paid_by_own AS o
    WHERE o.debtor_name_key IN (SELECT f.debtor_name_key FROM transfer_facts AS f)
        AND o.debtor_agent_bic8 IS NOT NULL
    WINDOW earlier AS (
        PARTITION BY o.debtor_name_key, o.debtor_country ORDER BY o.value_date, o.transaction_id
    )
),

banks_left AS (
    SELECT DISTINCT o.bank_before AS bank
    FROM own_in_order AS o
    WHERE o.is_first_through_bank
        AND substr(o.bank_before, 5, 2) != substr(o.bank, 5, 2)
        -- A move counts for 60 days.
        AND o.value_date >= (SELECT min(f.value_date) - 60 FROM transfer_facts AS f)
),

payers_there AS (
    SELECT DISTINCT p.debtor_name_key
    FROM paid AS p
    SEMI JOIN banks_left AS b ON b.bank = p.debtor_agent_bic8
),

seen AS (
    SELECT
        p.value_date,
        p.debtor_name_key || '|' || coalesce(p.debtor_country, '') AS payer,
        p.debtor_agent_bic8 AS bank,
        lag(p.debtor_agent_bic8) OVER earlier AS bank_before,
        lag(p.value_date) OVER earlier AS paid_before,
        row_number() OVER (
            PARTITION BY p.debtor_name_key, p.debtor_country, p.debtor_agent_bic8
            ORDER BY p.value_date, p.transaction_id
        ) = 1 AS is_first_through_bank
    FROM paid AS p
    SEMI JOIN payers_there AS t ON t.debtor_name_key = p.debtor_name_key
    WHERE p.debtor_agent_bic8 IS NOT NULL
    WINDOW earlier AS (
        PARTITION BY p.debtor_name_key, p.debtor_country ORDER BY p.value_date, p.transaction_id
    )
),

moves AS (
    SELECT
        s.payer,
        s.bank,
        s.bank_before,
        s.value_date
    FROM seen AS s
    WHERE s.is_first_through_bank
        AND substr(s.bank_before, 5, 2) != substr(s.bank, 5, 2)
        AND s.value_date - s.paid_before <= 180
),

moved AS (
    SELECT
        f.transaction_id,
        f.value_date,
        m.payer,
        m.bank,
        m.bank_before
    FROM transfer_facts AS f
    ASOF JOIN moves AS m
        ON m.payer = f.debtor_name_key || '|' || coalesce(f.debtor_country, '')
        AND m.bank = f.debtor_agent_bic8
        AND f.value_date >= m.value_date
    WHERE f.value_date - m.value_date <= 60
)

SELECT
    d.transaction_id,
    TRUE AS moved_bank,
    least(count(DISTINCT o.payer), 5) AS moved_together
FROM moved AS d
LEFT JOIN moves AS o
    ON o.bank_before = d.bank_before
    AND o.bank = d.bank
    AND o.payer != d.payer
    AND o.value_date BETWEEN d.value_date - 90 AND d.value_date
GROUP BY d.transaction_id
