-- The scores that a person must see.
--
-- makes: alerts
-- grain: alert_id
-- reads: scores, transactions
--
-- Copies and statement entries of a payment that alerts by itself do not alert again.
SELECT
    'ALT-' || substr(md5(s.transaction_id), 1, 12) AS alert_id,
    s.transaction_id,
    s.payment_id,
    s.reference,
    s.value_date,
    s.amount_usd,
    s.band,
    s.score,
    s.margin,
    s.obligation,
    s.uetr,
    t.debtor_country,
    t.creditor_country,
    t.debtor_name,
    t.creditor_name,
    s.limb_persons,
    s.limb_items,
    s.exception,
    coalesce(s.reasons[1].words, 'the transaction names nobody') AS headline,
    'open' AS status,
    s.run_id
FROM scores AS s
INNER JOIN transactions AS t ON t.transaction_id = s.transaction_id
WHERE s.band IN ('review', 'escalate', 'cannot_score')
    AND (t.is_counted OR t.kind NOT IN ('statement_entry', 'confirmation'))
