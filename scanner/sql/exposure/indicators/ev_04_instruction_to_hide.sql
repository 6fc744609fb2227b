-- A text instructs to leave out, hide or change what the payment is about.
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
    WHERE s.signal = 'hide'
    GROUP BY s.transaction_id, s.signal
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EV-04'
