-- Blocked owners fell below 50 percent on or after their designation, or hold just below it.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: owned_party_facts, ref_indicators
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
        o.transaction_id,
        CASE WHEN o.is_changed_after_designation THEN 0.8 ELSE 0.5 END AS strength,
        'found' AS outcome,
        json_object(
            'role', o.role,
            'field', o.field_path,
            'matched_text', o.matched_text,
            'owned_name', o.owned_name,
            'effective_percent', round(o.effective_percent, 4),
            'changed_after_designation', o.is_changed_after_designation,
            'path', o.path
        ) AS evidence
    FROM owned_party_facts AS o
    WHERE NOT o.is_blocked
        AND o.is_strong
        AND (o.is_changed_after_designation OR o.is_just_below_50)
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-45'
