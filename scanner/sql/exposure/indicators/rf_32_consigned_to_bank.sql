-- A letter of credit consigns the goods to the issuing bank and names no end user.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: signals_found, transactions, ref_indicators
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
        s.transaction_id,
        0.6 AS strength,
        'found' AS outcome,
        json_object('field', min(s.field_path), 'matched_text', min(s.matched_text)) AS evidence
    FROM signals_found AS s
    INNER JOIN transactions AS t ON t.transaction_id = s.transaction_id
    WHERE s.signal = 'consigned_to_bank'
        AND t.kind = 'letter_of_credit'
        AND s.transaction_id NOT IN (
            SELECT e.transaction_id
            FROM signals_found AS e
            WHERE e.signal = 'end_user_named'
        )
    GROUP BY s.transaction_id
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-32'
