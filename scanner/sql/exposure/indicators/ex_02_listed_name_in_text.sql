-- Free text names a listed person, bank or vessel.
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
        h.score * CASE WHEN h.measure = 'blocking' THEN 0.9 ELSE 0.6 END AS strength,
        'found' AS outcome,
        json_object(
            'text_kind', h.text_kind,
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
    WHERE h.text_kind IS NOT NULL
        AND h.is_strong
        AND NOT h.is_delisted
        AND h.match_kind <> 'ownership'
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EX-02'
