-- Thirty days of a payer are worth five times its monthly mean of the year before or more.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: payer_history, corridor_facts, ref_indicators
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
        CASE WHEN c.is_diversion OR p.has_goods THEN 0.4 ELSE 0.2 END AS strength,
        'found' AS outcome,
        json_object(
            'usd_in_30_days', round(p.amount_usd + p.usd_30_days_before, 2),
            'monthly_mean_usd', round(p.usd_year_before / 12, 2)
        ) AS evidence
    FROM payer_history AS p
    INNER JOIN corridor_facts AS c ON c.transaction_id = p.transaction_id
    WHERE p.value_date - p.first_on >= 120
        AND p.usd_year_before > 0
        AND p.amount_usd + p.usd_30_days_before >= 5 * p.usd_year_before / 12
        AND p.amount_usd >= 10000
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'HX-04'
