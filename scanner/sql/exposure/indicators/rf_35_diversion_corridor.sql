-- Money crosses a border into or out of a country that official documents named for diversion on
-- the value date.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: corridor_facts, ref_indicators
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
        c.transaction_id,
        CASE c.diversion_tier WHEN 'A' THEN 0.3 WHEN 'B' THEN 0.2 ELSE 0.15 END AS strength,
        'found' AS outcome,
        json_object(
            'debtor_country', c.debtor_country,
            'creditor_country', c.creditor_country,
            'debtor_named_by', c.debtor_named_by,
            'creditor_named_by', c.creditor_named_by
        ) AS evidence
    FROM corridor_facts AS c
    WHERE c.is_diversion AND c.is_cross_border
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-35'
