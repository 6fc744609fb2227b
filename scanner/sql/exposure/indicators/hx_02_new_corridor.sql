-- A payer with five payments or more before pays for the first time into a diversion country.
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
        CASE WHEN p.has_goods THEN 0.4 ELSE 0.2 END AS strength,
        'found' AS outcome,
        json_object(
            'creditor_country', p.creditor_country,
            'payments_before', p.payments_before,
            'named_by', c.creditor_named_by
        ) AS evidence
    FROM payer_history AS p
    INNER JOIN corridor_facts AS c ON c.transaction_id = p.transaction_id
    WHERE p.corridor_payments_before = 0
        AND p.payments_before >= 5
        AND c.creditor_named_by IS NOT NULL
        AND c.is_cross_border
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'HX-02'
