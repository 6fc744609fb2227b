-- Goods of an item category under s.11(a)(ii), and a Russia nexus or a diversion country.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: goods_facts, corridor_facts, nexus_summary, ref_indicators
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
        g.transaction_id,
        g.item_confidence * CASE WHEN n.weight >= 0.6 THEN 1.0 ELSE 0.6 END AS strength,
        'found' AS outcome,
        json_object(
            'goods', g.goods,
            'item_category', g.item_category,
            'debtor_country', c.debtor_country,
            'creditor_country', c.creditor_country,
            'nexus', n.signals,
            'named_by', coalesce(c.debtor_named_by, c.creditor_named_by)
        ) AS evidence
    FROM goods_facts AS g
    INNER JOIN corridor_facts AS c ON c.transaction_id = g.transaction_id
    LEFT JOIN nexus_summary AS n ON n.transaction_id = g.transaction_id AND n.weight >= 0.6
    WHERE g.item_category IS NOT NULL
        AND (c.is_diversion OR n.transaction_id IS NOT NULL)
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-13'
