-- A payment refused for compliance comes again within 30 days through another bank, party,
-- currency or message type, or in parts that add up to it.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: resubmissions, split_resubmissions, ref_indicators
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
        CASE WHEN any_value(s.reason_class) = 'compliance' THEN 0.9 ELSE 0.4 END AS strength,
        'found' AS outcome,
        json_object(
            'refused_transaction', min(s.refused_transaction_id),
            'refused_on', min(s.refused_on),
            'reason_class', min(s.reason_class),
            'same_by', min(s.same_by),
            'other_bank', bool_or(s.is_other_bank),
            'other_debtor', bool_or(s.is_other_debtor),
            'other_creditor', bool_or(s.is_other_creditor),
            'other_currency', bool_or(s.is_other_currency),
            'other_message_type', bool_or(s.is_other_message_type)
        ) AS evidence
    FROM resubmissions AS s
    WHERE s.reason_class IN ('compliance', 'unclear')
        AND (
            s.is_other_bank
            OR s.is_other_debtor
            OR s.is_other_creditor
            OR s.is_other_currency
            OR s.is_other_message_type
        )
    GROUP BY s.transaction_id

    UNION ALL

    SELECT
        p.transaction_id,
        CASE WHEN bool_or(p.reason_class = 'compliance') THEN 0.8 ELSE 0.4 END,
        'found',
        json_object(
            'refused_payment', min(p.refused_payment_id),
            'refused_on', min(p.refused_on),
            'reason_class', min(p.reason_class),
            'parts', min(p.parts),
            'refused_usd', round(min(p.refused_usd), 2)
        )
    FROM split_resubmissions AS p
    GROUP BY p.transaction_id
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EV-06'
