-- Payments of earlier runs for priority goods, each once.
--
-- makes: stored_goods
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts
--
-- What is dated after this run's last payment says nothing of it.
SELECT
    h.transaction_id,
    h.payment_id,
    h.value_date,
    coalesce(h.amount_usd, 0) AS amount_usd,
    h.debtor_key,
    h.creditor_key,
    h.debtor_country,
    h.creditor_country
FROM history_transfer_facts AS h
WHERE (h.chpl_tier IS NOT NULL OR h.item_category IS NOT NULL)
    AND coalesce(h.is_lead, TRUE)
    AND h.value_date <= (SELECT max(f.value_date) FROM transfer_facts AS f)
QUALIFY row_number() OVER (
    PARTITION BY coalesce(h.payment_id, h.transaction_id) ORDER BY h.value_date, h.transaction_id
) = 1
