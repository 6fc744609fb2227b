-- The same ultimate buyer, or the same contract, stands behind a third payer or supplier.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: end_buyer_history, corridor_facts, ref_indicators
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
        e.transaction_id,
        CASE WHEN e.basis = 'ultimate_debtor' THEN 0.6 ELSE 0.5 END AS strength,
        'found' AS outcome,
        json_object(
            'basis', e.basis,
            'end_buyer', e.buyer_key,
            'payers', e.payers,
            'suppliers', e.suppliers
        ) AS evidence
    FROM end_buyer_history AS e
    INNER JOIN corridor_facts AS c ON c.transaction_id = e.transaction_id
    WHERE (
            (e.basis = 'ultimate_debtor' AND (e.payers >= 3 OR e.suppliers >= 3))
            OR (e.basis = 'end_user_text' AND e.payers >= 2)
            OR (e.basis = 'contract' AND e.payers >= 2)
        )
        AND c.is_diversion
        AND c.is_cross_border
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'NX-02'
