-- A party without a strong hit uses an account under which a listed party was paid or paid earlier
-- in this run.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: hit_facts, parties, transactions, ref_indicators
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
    WITH listed_accounts AS (
        SELECT
            p.account,
            min((h.value_date, h.transaction_id)) AS first_at,
            min_by(h.entry_id, (h.value_date, h.transaction_id)) AS entry_id,
            min_by(h.entry_name, (h.value_date, h.transaction_id)) AS entry_name
        FROM hit_facts AS h
        INNER JOIN parties AS p ON p.transaction_id = h.transaction_id AND p.role = h.role
        WHERE h.is_strong
            AND h.measure = 'blocking'
            AND NOT h.is_agent
            AND p.account IS NOT NULL
        GROUP BY p.account
    )

    SELECT
        p.transaction_id,
        0.8 AS strength,
        'found' AS outcome,
        json_object(
            'role', p.role,
            'name', p.name,
            'entry', a.entry_id,
            'entry_name', a.entry_name,
            'first_seen_in', struct_extract(a.first_at, 2)
        ) AS evidence
    FROM parties AS p
    INNER JOIN listed_accounts AS a ON a.account = p.account
    INNER JOIN transactions AS t ON t.transaction_id = p.transaction_id
    WHERE NOT p.is_agent
        AND (t.value_date, t.transaction_id) > a.first_at
        AND NOT EXISTS (
            SELECT 1
            FROM hit_facts AS h
            WHERE h.transaction_id = p.transaction_id AND h.role = p.role AND h.is_strong
        )
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'NX-01'
