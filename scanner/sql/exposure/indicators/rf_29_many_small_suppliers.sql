-- One buyer paid three or more suppliers of priority goods in the 30 days before, none of them
-- much larger than this payment.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: goods_history, corridor_facts, ref_indicators
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
        CASE WHEN c.is_diversion THEN 0.7 ELSE 0.3 END AS strength,
        'found' AS outcome,
        json_object(
            'suppliers_30_days_before', g.suppliers_30_days_before,
            'payments_30_days_before', g.payer_goods_30_days_before,
            'largest_usd', round(g.largest_30_days_before, 2)
        ) AS evidence
    FROM goods_history AS g
    INNER JOIN corridor_facts AS c ON c.transaction_id = g.transaction_id
    WHERE g.suppliers_30_days_before >= 3
        AND g.largest_30_days_before <= 3 * g.amount_usd
        AND (c.is_debtor_outside_coalition OR c.is_creditor_outside_coalition)
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-29'
