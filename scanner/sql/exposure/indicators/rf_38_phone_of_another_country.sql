-- A Russian or Belarusian telephone number stands with a party of another country.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: signals_found, parties, ref_indicators
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
        s.transaction_id,
        0.3 AS strength,
        'found' AS outcome,
        json_object(
            'role', s.role,
            'country', any_value(p.country),
            'phone_country', s.value,
            'field', min(s.field_path)
        ) AS evidence
    FROM signals_found AS s
    INNER JOIN parties AS p
        ON p.transaction_id = s.transaction_id AND p.role = s.role AND p.field_path = s.field_path
    WHERE s.signal = 'phone'
        AND p.country NOT IN ('RU', 'BY')
    GROUP BY s.transaction_id, s.role, s.value
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-38'
