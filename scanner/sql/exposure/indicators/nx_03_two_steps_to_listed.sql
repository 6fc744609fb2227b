-- A party of a payment without a listed party paid or was paid by one before.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: party_history, transfer_facts, ref_indicators
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
        CASE WHEN h.value_date - h.last_listed_on <= 180 THEN 0.5 ELSE 0.3 END AS strength,
        'found' AS outcome,
        json_object(
            'side', h.side,
            'payments_with_listed_before', h.listed_before,
            'last_on', h.last_listed_on
        ) AS evidence
    FROM party_history AS h
    INNER JOIN transfer_facts AS f ON f.transaction_id = h.transaction_id
    WHERE h.listed_before >= 1
        AND NOT f.has_listed_party
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'NX-03'
