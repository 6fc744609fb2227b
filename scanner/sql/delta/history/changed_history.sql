-- Transfers of a run of which the one that took its place says something else by the lists.
--
-- makes: changed_history
-- grain: transaction_id
-- reads: transfer_facts, was_transfer_facts
--
-- Both hold the same transfers (`history_apart`).
SELECT
    n.debtor_key,
    n.creditor_key,
    n.value_date
FROM transfer_facts AS n
INNER JOIN was_transfer_facts AS w ON w.transaction_id = n.transaction_id
WHERE n.has_listed_party IS DISTINCT FROM w.has_listed_party
