-- Priority or determined goods, and a forwarder or trading house as the payer or the one who is
-- paid.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: signals_found, goods_facts, ref_indicators
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
        0.5 AS strength,
        'found' AS outcome,
        json_object(
            'role', s.role,
            'field', min(s.field_path),
            'matched_text', min(s.matched_text),
            'goods', any_value(g.goods)
        ) AS evidence
    FROM signals_found AS s
    INNER JOIN goods_facts AS g ON g.transaction_id = s.transaction_id
    WHERE s.signal = 'forwarder'
        AND s.role IN ('debtor', 'creditor', 'ultimate_debtor', 'ultimate_creditor')
    GROUP BY s.transaction_id, s.role
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-33'
