-- After a refusal for compliance the same deal is paid in another currency.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: resubmissions, ref_indicators
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
        0.7 AS strength,
        'found' AS outcome,
        json_object(
            'refused_transaction', min(s.refused_transaction_id),
            'refused_on', min(s.refused_on),
            'same_by', min(s.same_by)
        ) AS evidence
    FROM resubmissions AS s
    WHERE s.is_other_currency
        AND s.reason_class = 'compliance'
    GROUP BY s.transaction_id
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'HX-05'
