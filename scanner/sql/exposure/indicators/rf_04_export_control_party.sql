-- A party is on an export control list, such as the Entity List.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: hit_facts, ref_indicators
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
        h.transaction_id,
        0.7 AS strength,
        'found' AS outcome,
        json_object(
            'role', h.role,
            'field', h.field_path,
            'matched_text', h.matched_text,
            'entry', h.entry_id,
            'entry_name', h.entry_name,
            'list', h.list,
            'list_version', h.list_version,
            'match_kind', h.match_kind,
            'score', round(h.score, 4),
            'because', h.because,
            'known_on_payment_date', h.is_known_on_payment_date
        ) AS evidence
    FROM hit_facts AS h
    WHERE h.measure = 'export_control'
        AND h.text_kind IS NULL
        AND h.is_strong
        AND NOT h.is_delisted
        AND h.match_kind NOT IN ('ownership', 'address')
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-04'
