-- A country, town or instruction is spelled to escape a filter: letter by letter or with digits.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: signals_found, ref_indicators
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
        0.8 AS strength,
        'found' AS outcome,
        json_object(
            'signal', s.signal,
            'role', any_value(s.role),
            'field', min(s.field_path),
            'matched_text', min(s.matched_text)
        ) AS evidence
    FROM signals_found AS s
    WHERE s.signal IN ('russia_place', 'belarus_place', 'occupied_place', 'embargoed_place', 'russia_port', 'transit', 'hide')
        AND s.is_disguised
    GROUP BY s.transaction_id, s.signal
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EV-05'
