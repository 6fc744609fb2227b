-- A party, bank or text ties the payment to Russia, Belarus or an occupied territory.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: nexus_summary, ref_indicators
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
        n.transaction_id,
        n.weight * CASE WHEN n.is_occupied_territory THEN 0.8 ELSE 0.5 END AS strength,
        'found' AS outcome,
        json_object('places', n.places, 'signals', n.signals) AS evidence
    FROM nexus_summary AS n
    WHERE n.weight >= 0.6
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EX-03'
