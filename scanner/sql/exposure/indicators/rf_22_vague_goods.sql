-- Goods are described vaguely, with no priority good named, on a payment with a Russia nexus or
-- across a diversion corridor.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: signals_found, goods_facts, nexus_summary, corridor_facts, ref_indicators
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
        CASE WHEN any_value(n.transaction_id) IS NOT NULL THEN 0.4 ELSE 0.2 END AS strength,
        'found' AS outcome,
        json_object('field', min(s.field_path), 'matched_text', min(s.matched_text)) AS evidence
    FROM signals_found AS s
    INNER JOIN corridor_facts AS c ON c.transaction_id = s.transaction_id
    LEFT JOIN nexus_summary AS n ON n.transaction_id = s.transaction_id AND n.weight >= 0.6
    LEFT JOIN goods_facts AS g ON g.transaction_id = s.transaction_id
    WHERE s.signal = 'vague_goods'
        AND s.place = 'text'
        AND g.transaction_id IS NULL
        AND (n.transaction_id IS NOT NULL OR (c.is_diversion AND c.is_cross_border))
    GROUP BY s.transaction_id
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-22'
