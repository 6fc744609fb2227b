-- Which twenty payments must we look at first?
--
-- makes: worst_payments
-- grain: transaction_id
-- reads: scores
SELECT reference, value_date, currency, amount, score, band, obligation_codes, reasons[1].words AS why
FROM scores
WHERE band <> 'clear'
ORDER BY obligation DESC, score DESC NULLS LAST, margin DESC NULLS LAST, transaction_id
LIMIT 20
