-- Which payments came back, and did a bank name compliance as the reason?
--
-- makes: returned_payments
-- grain: payment_id
-- reads: payments
SELECT reason_class, status, reference, value_date, amount_usd, debtor_name, creditor_name
FROM payments
WHERE status IN ('returned', 'rejected', 'cancelled')
ORDER BY reason_class = 'compliance' DESC, value_date, payment_id
