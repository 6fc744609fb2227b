-- Which hits were listed only after the payment, so that nobody could know?
--
-- makes: known_on_the_day
-- grain: hit_id
-- reads: hits, transactions
SELECT t.reference, t.value_date, h.entry_id, h.entry_name, h.listed_on, h.score
FROM hits AS h
JOIN transactions AS t USING (transaction_id)
WHERE h.known_on_payment_date = false
ORDER BY t.value_date, h.hit_id
