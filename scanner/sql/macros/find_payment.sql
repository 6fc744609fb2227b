-- The transactions that a key names: a reference, transaction_id, alert_id, payment_id, UETR,
-- end-to-end or instruction identifier. The strongest finding comes first.
--
-- makes: find_payment(key)
-- grain: transaction_id
-- reads: transactions, scores, alerts
SELECT
    t.transaction_id,
    t.payment_id,
    t.reference,
    t.uetr,
    t.message_type,
    t.kind,
    t.value_date,
    t.currency,
    t.amount,
    s.score,
    s.band,
    s.obligation,
    a.alert_id
FROM transactions AS t
LEFT JOIN scores AS s USING (transaction_id)
LEFT JOIN alerts AS a USING (transaction_id)
WHERE key IN (
    t.transaction_id,
    t.payment_id,
    t.reference,
    t.related_reference,
    t.end_to_end_id,
    t.instruction_id,
    a.alert_id
) OR lower(t.uetr) = lower(key)
ORDER BY
    s.obligation DESC NULLS LAST,
    s.score DESC NULLS LAST,
    t.is_counted DESC NULLS LAST,
    t.transaction_id
