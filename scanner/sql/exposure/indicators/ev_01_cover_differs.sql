-- Two messages of one payment name different customers, give the same customer another account or
-- country, or the cover leaves a customer's name out: payment and cover, or leg and leg.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: message_differences, ref_indicators
SELECT
    d.transaction_id,
    i.code,
    i.level,
    i.limb,
    d.strength::DOUBLE AS strength,
    'found' AS outcome,
    json_object(
        'side', d.side,
        'here', d.name,
        'there', d.other_name,
        'account_here', d.account,
        'account_there', d.other_account,
        'country_here', d.country,
        'country_there', d.other_country,
        'other_transaction', d.other_transaction,
        'other_kind', d.other_kind
    )::VARCHAR AS evidence,
    i.source
FROM message_differences AS d
INNER JOIN ref_indicators AS i ON i.code = 'EV-01'
