-- All messages of the payments that carry a UETR, in order of time: who sent what to whom, also
-- the messages that are linked to it by reference and bear no UETR themselves.
--
-- makes: payment_chain(uetr)
-- grain: transaction_id
-- reads: transactions, messages, scores
WITH asked AS (
    SELECT lower(uetr) AS wanted
)
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
    s.score,
    s.band
FROM transactions AS t
JOIN messages AS m USING (message_id)
LEFT JOIN scores AS s USING (transaction_id)
WHERE coalesce(t.payment_id, t.transaction_id) IN (
    SELECT coalesce(named.payment_id, named.transaction_id)
    FROM transactions AS named
    JOIN asked ON lower(named.uetr) = asked.wanted
)
ORDER BY t.payment_id, m.created_on, t.value_date, m.source_file, m.byte_offset, t.ordinal
