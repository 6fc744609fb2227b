-- This run's payments in order of time, each once.
--
-- makes: timeline
-- grain: transaction_id
-- reads: transfer_facts, known_payments
--
-- Only the lead of a payment counts. A payment that an earlier run holds already is not
-- taken again, so that a late cover is no second payment. Without a value date nothing
-- has a place in time.
SELECT
    f.transaction_id,
    f.payment_id,
    f.value_date,
    f.currency,
    coalesce(f.amount_usd, 0) AS amount_usd,
    f.debtor_key,
    f.creditor_key,
    f.debtor_name_key,
    f.debtor_country,
    f.creditor_country,
    f.chpl_tier IS NOT NULL OR f.item_category IS NOT NULL AS has_goods,
    coalesce(f.has_russia_nexus, FALSE) AS has_russia_nexus,
    coalesce(f.has_listed_party, FALSE) AS has_listed_party,
    f.end_buyer_key,
    f.contract_key,
    f.debtor_hash,
    f.creditor_hash,
    f.debtor_name_hash,
    f.contract_hash
FROM transfer_facts AS f
WHERE f.is_lead
    AND f.value_date IS NOT NULL
    AND f.payment_id NOT IN (SELECT k.payment_id FROM known_payments AS k)
