-- A supplier that was paid from Russia twice or more in the year before is paid for the first time
-- by somebody in a diversion country.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: party_history, payer_history, corridor_facts, ref_indicators
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
        0.7 AS strength,
        'found' AS outcome,
        json_object(
            'payments_from_russia_before', h.russian_payers_before,
            'last_from_russia_on', h.last_russian_payer_on,
            'debtor_country', c.debtor_country,
            'named_by', c.debtor_named_by
        ) AS evidence
    FROM party_history AS h
    INNER JOIN payer_history AS p ON p.transaction_id = h.transaction_id
    INNER JOIN corridor_facts AS c ON c.transaction_id = h.transaction_id
    WHERE h.side = 'creditor'
        AND h.russian_payers_before >= 2
        AND h.value_date - h.last_russian_payer_on BETWEEN 0 AND 365
        AND p.pair_payments_before = 0
        AND c.debtor_named_by IS NOT NULL
        AND c.debtor_country <> 'RU'
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-27'
