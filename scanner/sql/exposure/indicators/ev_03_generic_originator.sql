-- The originator or beneficiary is not named: one of our customers, not provided.
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
        0.6 AS strength,
        'found' AS outcome,
        json_object(
            'signal', s.signal,
            'role', any_value(s.role),
            'field', min(s.field_path),
            'matched_text', min(s.matched_text)
        ) AS evidence
    FROM signals_found AS s
    WHERE s.signal = 'generic_originator'
        AND (
            s.place = 'name'
            OR s.text_kind = 'bank_to_bank_information'
            -- "For our customer" is business talk; "by order of one of our customers" names nobody.
            OR regexp_matches(upper(s.matched_text), '^(BY ORDER|ONE OF)')
        )
    GROUP BY s.transaction_id, s.signal
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EV-03'
