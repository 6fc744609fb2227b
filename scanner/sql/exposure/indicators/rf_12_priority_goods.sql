-- Goods of the Common High Priority List, and a party outside the export control coalition or a
-- Russia nexus.
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
        g.confidence
        * CASE
            WHEN n.weight >= 0.6 THEN 0.95
            WHEN c.is_diversion AND g.tier_rank <= 2 THEN 0.75
            WHEN c.is_diversion THEN 0.6
            ELSE 0.4
        END AS strength,
        'found' AS outcome,
        json_object(
            'goods', g.goods,
            'chpl_tier', g.chpl_tier,
            'debtor_country', c.debtor_country,
            'creditor_country', c.creditor_country,
            'nexus', n.signals,
            'named_by', coalesce(c.debtor_named_by, c.creditor_named_by)
        ) AS evidence
    FROM goods_facts AS g
    INNER JOIN corridor_facts AS c ON c.transaction_id = g.transaction_id
    LEFT JOIN nexus_summary AS n ON n.transaction_id = g.transaction_id AND n.weight >= 0.6
    WHERE g.chpl_tier IS NOT NULL
        AND (
            c.is_debtor_outside_coalition
            OR c.is_creditor_outside_coalition
            OR n.transaction_id IS NOT NULL
        )
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-12'
