-- Transfers of this run and of earlier ones, as far as history features look at them.
--
-- makes: past_transfers
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts
SELECT
    f.transaction_id,
    f.payment_id,
    f.value_date,
    f.debtor_key,
    f.creditor_key,
    f.amount_usd,
    f.has_russia_nexus,
    f.debtor_country,
    f.debtor_name_key,
    f.debtor_agent_bic8
FROM transfer_facts AS f
WHERE f.value_date IS NOT NULL AND f.kind NOT IN ('cover', 'return', 'reject')

UNION ALL

SELECT
    h.transaction_id,
    h.payment_id,
    h.value_date,
    h.debtor_key,
    h.creditor_key,
    h.amount_usd,
    h.has_russia_nexus,
    h.debtor_country,
    h.debtor_name_key,
    h.debtor_agent_bic8
FROM history_transfer_facts AS h
WHERE h.value_date IS NOT NULL AND h.kind NOT IN ('cover', 'return', 'reject')
