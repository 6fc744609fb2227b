-- Priority goods that do not fit the line of business that the bank records.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: goods_facts, line_fit, ref_indicators
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
        0.5 AS strength,
        'found' AS outcome,
        json_object(
            'customer', c.customer_id,
            'side', c.side,
            'industry', c.industry,
            'goods', g.goods
        ) AS evidence
    FROM goods_facts AS g
    INNER JOIN line_fit AS c ON c.transaction_id = g.transaction_id
    WHERE NOT c.fits_goods
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-19'
