-- This run's payments for priority goods, each once, for it and for later runs.
--
-- makes: goods_transfers
-- grain: transaction_id
-- reads: transfer_facts
SELECT
    f.transaction_id,
    f.payment_id,
    f.value_date,
    coalesce(f.amount_usd, 0) AS amount_usd,
    f.debtor_key,
    f.creditor_key,
    f.debtor_country,
    f.creditor_country
FROM transfer_facts AS f
WHERE f.is_lead
    AND f.value_date IS NOT NULL
    AND (f.chpl_tier IS NOT NULL OR f.item_category IS NOT NULL)
