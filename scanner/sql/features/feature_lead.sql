-- The transaction whose history stands for each transaction: the lead of its payment.
--
-- makes: feature_lead
-- grain: transaction_id
-- reads: transactions, payments
--
-- A cover has no history of its own; what its parties did before is that of its payment.
SELECT
    t.transaction_id,
    coalesce(p.lead_transaction_id, t.transaction_id) AS lead_id
FROM transactions AS t
LEFT JOIN payments AS p ON p.payment_id = t.payment_id
