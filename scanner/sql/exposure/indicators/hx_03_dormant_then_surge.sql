-- A payer silent for 180 days or more pays three times its mean or more.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: payer_history, ref_indicators
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
        0.3 AS strength,
        'found' AS outcome,
        json_object(
            'last_on', p.last_on,
            'mean_usd_before', round(p.mean_usd_before, 2),
            'amount_usd', round(p.amount_usd, 2)
        ) AS evidence
    FROM payer_history AS p
    WHERE p.payments_before >= 3
        AND p.value_date - p.last_on >= 180
        AND p.amount_usd >= 3 * p.mean_usd_before
        AND p.amount_usd >= 10000
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'HX-03'
