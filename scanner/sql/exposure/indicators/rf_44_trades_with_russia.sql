-- A party of a payment without any Russia nexus had such payments before, and the corridor is one
-- of diversion.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: party_history, nexus_summary, corridor_facts, ref_indicators
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
        h.transaction_id,
        least(0.6, 0.2 + 0.05 * h.nexus_before) AS strength,
        'found' AS outcome,
        json_object('side', h.side, 'payments_with_nexus_before', h.nexus_before) AS evidence
    FROM party_history AS h
    INNER JOIN corridor_facts AS c ON c.transaction_id = h.transaction_id
    LEFT JOIN nexus_summary AS n ON n.transaction_id = h.transaction_id AND n.weight >= 0.6
    WHERE h.nexus_before >= 2
        AND n.transaction_id IS NULL
        AND c.is_diversion
        AND c.is_cross_border
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-44'
