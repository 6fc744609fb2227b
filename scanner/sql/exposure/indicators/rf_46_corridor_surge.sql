-- Priority goods in a corridor are worth three times or more their mean of the years before
-- 2022-02-24, by trade statistics where they were given, else by the own payments.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: goods_history, history_reach, trade_surge, corridor_facts, ref_indicators
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
        least(0.8, 0.3 + 0.05 * y.factor) AS strength,
        'found' AS outcome,
        json_object(
            'debtor_country', g.debtor_country,
            'creditor_country', g.creditor_country,
            'usd_in_a_year', round(g.amount_usd + g.corridor_usd_year_before, 2),
            'factor', round(y.factor, 4),
            'by', 'own payments'
        ) AS evidence
    FROM goods_history AS g
    CROSS JOIN history_reach AS r
    INNER JOIN corridor_facts AS c ON c.transaction_id = g.transaction_id
    CROSS JOIN LATERAL (
        SELECT
            (g.amount_usd + g.corridor_usd_year_before)
            / nullif(
                g.corridor_usd_before_war / greatest((DATE '2022-02-24' - r.first_day) / 365.0, 1), 0
            ) AS factor
    ) AS y
    WHERE g.value_date >= DATE '2022-02-24'
        AND r.first_day < DATE '2022-02-24' - 90
        AND y.factor >= 3
        AND (c.is_debtor_outside_coalition OR c.is_creditor_outside_coalition)
    UNION ALL
    SELECT
        g.transaction_id,
        least(0.8, 0.3 + 0.05 * s.factor),
        'found',
        json_object(
            'reporter', s.reporter,
            'partner', s.partner,
            'month', s.month,
            'usd_in_a_year', round(s.usd_in_a_year, 2),
            'usd_a_year_before_2022_02', round(s.usd_a_year_before, 2),
            'factor', round(s.factor, 4),
            'by', 'trade statistics'
        )
    FROM goods_history AS g
    INNER JOIN trade_surge AS s
        ON s.reporter = g.creditor_country
        AND s.partner = g.debtor_country
        AND s.month = date_trunc('month', g.value_date - INTERVAL 1 MONTH)::DATE
    WHERE s.factor >= 3
    UNION ALL
    SELECT
        g.transaction_id,
        0.0,
        'not_assessable',
        json_object('reason', 'neither payments nor trade before 2022-02-24', 'history_from', r.first_day)
    FROM goods_history AS g
    CROSS JOIN history_reach AS r
    WHERE r.first_day >= DATE '2022-02-24' - 90
        AND NOT EXISTS (SELECT 1 FROM trade_surge AS s)
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-46'
