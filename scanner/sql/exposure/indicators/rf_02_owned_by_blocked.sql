-- A party is owned to 50 percent or more, in aggregate, by blocked persons; or that could not be
-- looked at, since no ownership data was given for a payment with a Russia nexus or priority
-- goods.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: owned_party_facts, ownership, transactions, nexus_summary, goods_facts, ref_indicators
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
        CASE WHEN o.is_strong THEN 1.0 ELSE o.score END AS strength,
        'found' AS outcome,
        json_object(
            'role', o.role,
            'field', o.field_path,
            'matched_text', o.matched_text,
            'owned_name', o.owned_name,
            'effective_percent', round(o.effective_percent, 4),
            'path', o.path
        ) AS evidence
    FROM owned_party_facts AS o
    WHERE o.is_blocked
    UNION ALL
    SELECT
        t.transaction_id,
        0.0,
        'not_assessable',
        json_object('reason', 'no ownership data was given')
    FROM transactions AS t
    LEFT JOIN nexus_summary AS n ON n.transaction_id = t.transaction_id
    LEFT JOIN goods_facts AS g ON g.transaction_id = t.transaction_id
    WHERE (n.transaction_id IS NOT NULL OR g.transaction_id IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM ownership AS w)
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-02'
