-- A payer whose payments had a Russia nexus three times or more has none for 60 days and begins to
-- pay somebody new in a diversion country.
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
        0.6 AS strength,
        'found' AS outcome,
        json_object(
            'payments_with_nexus_before', p.nexus_before,
            'last_with_nexus_on', p.last_nexus_on,
            'creditor_country', c.creditor_country,
            'named_by', c.creditor_named_by
        ) AS evidence
    FROM payer_history AS p
    INNER JOIN corridor_facts AS c ON c.transaction_id = p.transaction_id
    WHERE NOT p.has_russia_nexus
        AND p.nexus_before >= 3
        AND p.value_date - p.last_nexus_on BETWEEN 60 AND 730
        AND p.value_date >= DATE '2022-02-24'
        AND p.pair_payments_before = 0
        AND c.creditor_named_by IS NOT NULL
        AND c.is_cross_border
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-26'
