-- Three or more payments for priority goods between the same two parties within 14 days, all of
-- nearly the same amount.
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
        CASE WHEN c.is_diversion THEN 0.6 ELSE 0.3 END AS strength,
        'found' AS outcome,
        json_object(
            'payments_14_days_before', g.pair_goods_14_days_before,
            'mean_usd', round(g.pair_mean_14_days_before, 2),
            'spread_usd', round(g.pair_spread_14_days_before, 2)
        ) AS evidence
    FROM goods_history AS g
    INNER JOIN corridor_facts AS c ON c.transaction_id = g.transaction_id
    WHERE g.pair_goods_14_days_before >= 2
        AND g.pair_spread_14_days_before <= 0.15 * g.pair_mean_14_days_before
        AND abs(g.amount_usd - g.pair_mean_14_days_before) <= 0.15 * g.pair_mean_14_days_before
        AND (c.is_debtor_outside_coalition OR c.is_creditor_outside_coalition)
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'NX-06'
