-- This run's rejects, returns and cancellations, and questions asked for compliance, with their days.
--
-- makes: refusal_facts
-- grain: transaction_id
-- reads: transactions, messages
SELECT
    t.transaction_id,
    t.payment_id,
    t.kind,
    t.reason_class,
    t.value_date,
    coalesce(m.created_on, t.value_date) AS refused_on
FROM transactions AS t
LEFT JOIN messages AS m ON m.message_id = t.message_id
WHERE t.kind IN ('reject', 'return', 'cancellation')
    OR (t.kind IN ('enquiry', 'answer', 'free_format') AND t.reason_class = 'compliance')
