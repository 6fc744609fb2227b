-- A party without a strong hit uses an account under which a listed party was paid or paid earlier,
-- in this run or in a stored one.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: listed_account_facts, history_listed_account_facts, hit_facts, parties, transactions,
-- ref_indicators
SELECT
    f.transaction_id,
    i.code,
    i.level,
    i.limb,
    f.strength::DOUBLE AS strength,
    f.outcome,
    f.evidence::VARCHAR AS evidence,
    i.source
FROM (
    -- The earliest meeting of an account decides: no later one changes what an earlier payment shows.
    WITH met AS (
        SELECT a.*
        FROM listed_account_facts AS a
        UNION ALL
        SELECT h.*
        FROM history_listed_account_facts AS h
    ),

    listed_accounts AS (
        SELECT
            m.account,
            min((m.value_date, m.transaction_id)) AS first_at,
            min_by(m.entry_id, (m.value_date, m.transaction_id)) AS entry_id,
            min_by(m.entry_name, (m.value_date, m.transaction_id)) AS entry_name
        FROM met AS m
        WHERE m.value_date IS NOT NULL
        GROUP BY m.account
    )

    SELECT DISTINCT
        p.transaction_id,
        0.8 AS strength,
        'found' AS outcome,
        json_object(
            'role', p.role,
            'name', p.name,
            'entry', a.entry_id,
            'entry_name', a.entry_name,
            'first_seen_in', struct_extract(a.first_at, 2),
            'first_seen_on', struct_extract(a.first_at, 1)
        ) AS evidence
    FROM parties AS p
    INNER JOIN listed_accounts AS a
        ON a.account = regexp_replace(upper(p.account), '[^A-Z0-9]', '', 'g')
    INNER JOIN transactions AS t ON t.transaction_id = p.transaction_id
    WHERE NOT p.is_agent
        AND (t.value_date, t.transaction_id) > a.first_at
        AND NOT EXISTS (
            SELECT 1
            FROM hit_facts AS h
            WHERE h.transaction_id = p.transaction_id
                AND h.role = p.role
                AND h.is_strong
                AND h.match_kind <> 'address'
        )
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'NX-01'
