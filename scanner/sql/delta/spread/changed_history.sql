-- Stored transfers of earlier runs of which the lists say something else than they did.
--
-- makes: changed_history
-- grain: transaction_id
-- reads: history_transfer_facts, was_history_transfer_facts
SELECT c.*
FROM (
    (
        SELECT
            n.transaction_id,
            n.debtor_key,
            n.creditor_key,
            n.value_date,
            n.has_listed_party
        FROM history_transfer_facts AS n
        EXCEPT
        SELECT
            w.transaction_id,
            w.debtor_key,
            w.creditor_key,
            w.value_date,
            w.has_listed_party
        FROM was_history_transfer_facts AS w
    )
    UNION ALL
    (
        SELECT
            w.transaction_id,
            w.debtor_key,
            w.creditor_key,
            w.value_date,
            w.has_listed_party
        FROM was_history_transfer_facts AS w
        EXCEPT
        SELECT
            n.transaction_id,
            n.debtor_key,
            n.creditor_key,
            n.value_date,
            n.has_listed_party
        FROM history_transfer_facts AS n
    )
) AS c
