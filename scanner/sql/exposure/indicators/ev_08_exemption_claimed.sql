-- Words of an exempt trade stand beside priority or determined goods.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: signals_found, goods_facts, ref_licences, ref_indicators
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
            'licence', l.code,
            'matched_text', min(s.matched_text),
            'field', min(s.field_path),
            'goods', any_value(g.goods)
        ) AS evidence
    FROM goods_facts AS g
    INNER JOIN signals_found AS s ON s.transaction_id = g.transaction_id
    INNER JOIN ref_licences AS l ON l.trade = s.value
    WHERE s.signal = 'exempt_trade'
        AND s.place = 'text'
        AND l.trade IN ('agriculture', 'medicine', 'humanitarian', 'diplomatic', 'telecoms')
    GROUP BY g.transaction_id, l.code
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EV-08'
