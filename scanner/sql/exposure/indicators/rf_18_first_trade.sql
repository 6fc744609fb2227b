-- The payer for priority goods was not seen before 2022-02-24, though the stored payments go back
-- that far.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: goods_history, payer_history, history_reach, corridor_facts, ref_indicators
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
        CASE WHEN c.is_diversion THEN 0.5 ELSE 0.3 END AS strength,
        'found' AS outcome,
        json_object(
            'first_seen_on', coalesce(p.first_on, g.value_date), 'history_from', r.first_day
        ) AS evidence
    FROM goods_history AS g
    INNER JOIN payer_history AS p ON p.transaction_id = g.transaction_id
    INNER JOIN corridor_facts AS c ON c.transaction_id = g.transaction_id
    CROSS JOIN history_reach AS r
    WHERE g.value_date >= DATE '2022-02-24'
        AND coalesce(p.first_on, g.value_date) >= DATE '2022-02-24'
        AND r.first_day < DATE '2022-02-24' - 90
        AND (c.is_debtor_outside_coalition OR c.is_creditor_outside_coalition)
    UNION ALL
    SELECT
        g.transaction_id,
        0.0,
        'not_assessable',
        json_object('reason', 'stored payments begin too late', 'history_from', r.first_day)
    FROM goods_history AS g
    CROSS JOIN history_reach AS r
    WHERE r.first_day >= DATE '2022-02-24' - 90
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-18'
