-- A bank behind the respondent shows only by name, or only as a BIC in bank-to-bank text.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: parties, texts, transaction_banks, corridor_facts, ref_indicators
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
    SELECT
        p.transaction_id,
        0.3 AS strength,
        'found' AS outcome,
        json_object('role', p.role, 'name', min(p.name), 'country', min(p.country)) AS evidence
    FROM parties AS p
    INNER JOIN corridor_facts AS c ON c.transaction_id = p.transaction_id
    WHERE p.is_agent
        AND p.bic IS NULL
        AND p.name IS NOT NULL
        AND (c.is_diversion OR p.country IN ('RU', 'BY'))
    GROUP BY p.transaction_id, p.role
    UNION ALL
    SELECT
        x.transaction_id,
        CASE WHEN substr(n.bic8, 5, 2) IN ('RU', 'BY') THEN 0.7 ELSE 0.3 END,
        'found',
        json_object('field', min(x.field_path), 'bic8', n.bic8)
    FROM texts AS x
    CROSS JOIN LATERAL (
        SELECT unnest(
            list_distinct(
                regexp_extract_all(
                    upper(x.text), '/(?:INS|ACC|INT|FIN)/+([A-Z]{6}[A-Z0-9]{2})', 1
                )
            )
        ) AS bic8
    ) AS n
    WHERE x.kind IN ('bank_to_bank_information', 'instruction')
        AND NOT EXISTS (
            SELECT 1
            FROM transaction_banks AS b
            WHERE b.transaction_id = x.transaction_id AND b.bic8 = n.bic8
        )
    GROUP BY x.transaction_id, n.bic8
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'NX-05'
