-- All messages of one payment in order of time, by its payment_id (or transaction_id).
--
-- makes: payment_messages(payment)
-- grain: transaction_id
-- reads: transactions, messages, scores
SELECT
    t.payment_id,
    t.transaction_id,
    m.created_on,
    t.value_date,
    t.message_type,
    t.kind,
    t.sender_bic,
    t.receiver_bic,
    t.reference,
    t.related_reference,
    t.uetr,
    t.currency,
    t.amount,
    t.debtor_name,
    t.creditor_name,
    t.reason_code,
    t.is_counted,
    s.score,
    s.band,
    m.source_file,
    m.byte_offset
FROM transactions AS t
JOIN messages AS m USING (message_id)
LEFT JOIN scores AS s USING (transaction_id)
WHERE coalesce(t.payment_id, t.transaction_id) = payment OR t.transaction_id = payment
ORDER BY m.created_on, t.value_date, m.source_file, m.byte_offset, t.ordinal
