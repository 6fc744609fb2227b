-- A cancellation or change was asked for on a payment with a Russia nexus or across a diversion
-- corridor.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: transactions, nexus_summary, corridor_facts, ref_indicators
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
        t.transaction_id,
        CASE WHEN any_value(n.transaction_id) IS NOT NULL THEN 0.5 ELSE 0.3 END AS strength,
        'found' AS outcome,
        json_object('asked_by', min(x.transaction_id), 'reason', min(x.reason_class)) AS evidence
    FROM transactions AS t
    INNER JOIN transactions AS x ON x.payment_id = t.payment_id AND x.kind = 'cancellation'
    INNER JOIN corridor_facts AS c ON c.transaction_id = t.transaction_id
    LEFT JOIN nexus_summary AS n ON n.transaction_id = t.transaction_id AND n.weight >= 0.6
    WHERE t.is_counted
        AND x.reason_class IS DISTINCT FROM 'technical'
        AND x.reason_class IS DISTINCT FROM 'address_format'
        AND (n.transaction_id IS NOT NULL OR (c.is_diversion AND c.is_cross_border))
    GROUP BY t.transaction_id
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-28'
