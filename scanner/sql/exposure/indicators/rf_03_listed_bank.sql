-- An agent bank in the chain is listed or under an account ban, by BIC on eight characters or by
-- name, or the texts speak of SPFS.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: hit_facts, listed_bank_facts, signals_found, ref_indicators
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
        l.transaction_id,
        CASE WHEN l.measure IN ('blocking', 'correspondent_account') THEN 1.0 ELSE 0.7 END AS strength,
        'found' AS outcome,
        json_object(
            'bic8', l.bic8,
            'roles', l.roles,
            'entry', l.entry_id,
            'entry_name', l.entry_name,
            'list', l.list,
            'measure', l.measure,
            'known_on_payment_date', l.is_known_on_payment_date
        ) AS evidence
    FROM listed_bank_facts AS l
    UNION ALL
    SELECT
        h.transaction_id,
        CASE WHEN h.measure IN ('blocking', 'correspondent_account') THEN 1.0 ELSE 0.7 END,
        'found',
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
        )
    FROM hit_facts AS h
    WHERE h.is_agent
        AND h.is_strong
        AND NOT h.is_delisted
        AND h.match_kind = 'name'
    UNION ALL
    SELECT
        s.transaction_id,
        0.6,
        'found',
        json_object('signal', 'SPFS', 'field', s.field_path, 'matched_text', s.matched_text)
    FROM signals_found AS s
    WHERE s.signal = 'spfs'
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-03'
