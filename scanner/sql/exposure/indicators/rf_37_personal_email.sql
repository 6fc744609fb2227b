-- A company across a diversion corridor uses a personal e-mail address.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: signals_found, corridor_facts, ref_indicators
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
        0.2 AS strength,
        'found' AS outcome,
        json_object('field', min(s.field_path), 'matched_text', min(s.matched_text)) AS evidence
    FROM signals_found AS s
    INNER JOIN corridor_facts AS c ON c.transaction_id = s.transaction_id
    WHERE s.signal = 'personal_email'
        AND c.is_diversion
        AND c.is_cross_border
    GROUP BY s.transaction_id
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-37'
