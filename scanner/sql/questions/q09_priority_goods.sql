-- Which payments name goods of the Common High Priority List, and to which countries do they go?
--
-- makes: priority_goods
-- grain: transaction_id, field_path, span
-- reads: goods_found, transactions
SELECT g.chpl_tier, g.hs6, g.matched_text, t.reference, t.value_date, t.debtor_country, t.creditor_country
FROM goods_found AS g
JOIN transactions AS t USING (transaction_id)
WHERE g.chpl_tier IS NOT NULL
ORDER BY g.chpl_tier, t.value_date, t.transaction_id, g.field_path
