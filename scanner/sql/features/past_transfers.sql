-- Transfers of this run, and earlier ones of its parties, as far as history features look at them.
--
-- makes: past_transfers
-- grain: transaction_id
-- reads: transfer_facts, past_facts
SELECT
    f.transaction_id,
    f.payment_id,
    f.value_date,
    f.debtor_key,
    f.creditor_key,
    f.amount_usd,
    f.has_russia_nexus
FROM transfer_facts AS f
WHERE f.value_date IS NOT NULL AND f.kind NOT IN ('cover', 'return', 'reject')

UNION ALL

SELECT
    p.transaction_id,
    p.payment_id,
    p.value_date,
    p.debtor_key,
    p.creditor_key,
    p.amount_usd,
    p.has_russia_nexus
FROM past_facts AS p
WHERE p.is_of_party AND p.kind NOT IN ('cover', 'return', 'reject')
