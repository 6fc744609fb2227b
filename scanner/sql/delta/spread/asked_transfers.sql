-- Transfers of this run whose parties' past is asked for: the affected ones, and those that may
-- follow a payment of which it has changed whether a listed party took part.
--
-- makes: asked_transfers
-- grain: transaction_id
-- reads: was_transfer_facts, changed_parties, affected
SELECT
    w.transaction_id,
    w.debtor_key,
    w.creditor_key
FROM was_transfer_facts AS w
LEFT JOIN changed_parties AS d ON d.party_key = w.debtor_key
LEFT JOIN changed_parties AS c ON c.party_key = w.creditor_key
WHERE coalesce(w.value_date >= d.since, FALSE)
    OR coalesce(w.value_date >= c.since, FALSE)
    OR w.transaction_id IN (SELECT a.transaction_id FROM affected AS a)
