-- Through whose hands did one payment go?
--
-- makes: one_payment_chain
-- grain: transaction_id
-- reads: 
SELECT created_on, message_type, sender_bic, receiver_bic, reference, currency, amount, band
FROM payment_chain('5a1b2c3d-0000-4000-8000-00000000a001')
