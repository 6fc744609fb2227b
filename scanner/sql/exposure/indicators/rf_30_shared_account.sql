-- One account pays under three or more different names.
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
        least(0.8, 0.2 + 0.1 * p.names_of_account) AS strength,
        'found' AS outcome,
        json_object('names_of_account', p.names_of_account) AS evidence
    FROM payer_history AS p
    WHERE p.names_of_account >= 3
        AND NOT contains(p.debtor_key, '|')
        AND p.debtor_name_key IS NOT NULL
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-30'
