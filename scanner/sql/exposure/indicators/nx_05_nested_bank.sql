-- A bank behind the respondent shows only by name, or only as a BIC in bank-to-bank text.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: parties, signals_found, transaction_banks, corridor_facts, ref_indicators
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
        s.transaction_id,
        CASE WHEN substr(s.value, 5, 2) IN ('RU', 'BY') THEN 0.8 ELSE 0.4 END,
        'found',
        json_object(
            'field', min(s.field_path),
            'bic8', s.value,
            'further_credit', any_value(w.transaction_id) IS NOT NULL
        )
    FROM signals_found AS s
    INNER JOIN corridor_facts AS c ON c.transaction_id = s.transaction_id
    LEFT JOIN transaction_banks AS b ON b.transaction_id = s.transaction_id AND b.bic8 = s.value
    LEFT JOIN (
        SELECT DISTINCT x.transaction_id
        FROM signals_found AS x
        WHERE x.signal = 'further_credit'
    ) AS w ON w.transaction_id = s.transaction_id
    WHERE s.signal = 'bank_in_text'
        AND s.place = 'text'
        AND b.bic8 IS NULL
        AND (c.is_diversion OR substr(s.value, 5, 2) IN ('RU', 'BY'))
    GROUP BY s.transaction_id, s.value
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'NX-05'
