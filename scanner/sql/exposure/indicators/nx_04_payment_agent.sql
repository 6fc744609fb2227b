-- A party pays out what came in within three days, less a fee of at most twelve percent, and did
-- so before or is paid from Russia.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: party_history, corridor_facts, ref_indicators
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
        least(0.8, 0.3 + 0.1 * h.passed_on_before) AS strength,
        'found' AS outcome,
        json_object(
            'usd_in', round(h.passed_inflow_usd, 2),
            'usd_out', round(h.amount_usd, 2),
            'passed_on_before', h.passed_on_before
        ) AS evidence
    FROM party_history AS h
    INNER JOIN corridor_facts AS c ON c.transaction_id = h.transaction_id
    WHERE h.is_passing_on
        AND h.side = 'debtor'
        AND (h.passed_on_before >= 1 OR h.russian_payers_before >= 1)
        AND c.is_cross_border
        AND (c.is_diversion OR h.nexus_before > 0)
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'NX-04'
