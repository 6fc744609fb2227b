-- The first payment between two parties across a diversion corridor, by a payer with five payments
-- or more before; not assessable where goods are named and the history is shorter than 90 days.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: payer_history, corridor_facts, history_reach, ref_indicators
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
        p.transaction_id,
        CASE WHEN p.has_goods THEN 0.4 ELSE 0.2 END AS strength,
        'found' AS outcome,
        json_object('payments_before', p.payments_before, 'payer_known_since', p.first_on) AS evidence
    FROM payer_history AS p
    INNER JOIN corridor_facts AS c ON c.transaction_id = p.transaction_id
    WHERE p.pair_payments_before = 0
        AND p.payments_before >= 5
        AND c.is_diversion
        AND c.is_cross_border
    UNION ALL
    SELECT
        p.transaction_id,
        0.0,
        'not_assessable',
        json_object('reason', 'less than 90 days of payments before it', 'history_from', r.first_day)
    FROM payer_history AS p
    CROSS JOIN history_reach AS r
    WHERE p.has_goods
        AND p.value_date - r.first_day < 90
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'HX-01'
