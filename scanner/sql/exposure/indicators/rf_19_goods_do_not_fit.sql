-- Priority goods that do not fit the line of business that the bank records.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: goods_facts, customer_facts, ref_indicators
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
    INNER JOIN customer_facts AS c ON c.transaction_id = g.transaction_id
    WHERE c.industry IS NOT NULL
        AND NOT regexp_matches(
            lower(c.industry),
            'electr|semicon|machin|engineer|manufactur|telecom|aero|aviation|comput|techn|automo|tool'
            '|bearing|instrument|optic|industr|metal|robot|hardware|makin|elektr|imalat'
        )
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-19'
