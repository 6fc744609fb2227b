-- A payer had priority goods before 2022-02-24, and a year of payments for them is now worth more
-- than twice its yearly mean of then.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: goods_history, history_reach, ref_indicators
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
        least(0.9, 0.4 + 0.05 * (g.amount_usd + g.payer_usd_year_before) / y.usd_a_year) AS strength,
        'found' AS outcome,
        json_object(
            'usd_in_a_year', round(g.amount_usd + g.payer_usd_year_before, 2),
            'usd_a_year_before_2022_02_24', round(y.usd_a_year, 2),
            'factor', round((g.amount_usd + g.payer_usd_year_before) / y.usd_a_year, 4)
        ) AS evidence
    FROM goods_history AS g
    CROSS JOIN history_reach AS r
    CROSS JOIN LATERAL (
        SELECT
            g.payer_usd_before_war
            / greatest((DATE '2022-02-24' - r.first_day) / 365.0, 1) AS usd_a_year
    ) AS y
    WHERE g.value_date >= DATE '2022-02-24'
        AND g.payer_goods_before_war > 0
        AND g.amount_usd + g.payer_usd_year_before > 2 * y.usd_a_year
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
INNER JOIN ref_indicators AS i ON i.code = 'RF-17'
