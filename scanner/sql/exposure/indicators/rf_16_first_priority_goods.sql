-- A payer known before 2022-02-24 that had no priority goods then pays for them now; not
-- assessable where the stored payments begin later.
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
        CASE WHEN c.is_diversion THEN 0.7 ELSE 0.3 END AS strength,
        'found' AS outcome,
        json_object(
            'payer_known_since', p.first_on,
            'first_goods_on', coalesce(g.payer_first_goods_on, g.value_date)
        ) AS evidence
    FROM goods_history AS g
    INNER JOIN payer_history AS p ON p.transaction_id = g.transaction_id
    INNER JOIN corridor_facts AS c ON c.transaction_id = g.transaction_id
    WHERE g.value_date >= DATE '2022-02-24'
        AND p.first_on < DATE '2022-02-24'
        AND g.payer_goods_before_war = 0
        AND (c.is_debtor_outside_coalition OR c.is_creditor_outside_coalition)
    UNION ALL
    SELECT
        g.transaction_id,
        0.0,
        'not_assessable',
        json_object('reason', 'stored payments begin after 2022-02-24', 'history_from', r.first_day)
    FROM goods_history AS g
    CROSS JOIN history_reach AS r
    WHERE r.first_day >= DATE '2022-02-24'
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-16'
