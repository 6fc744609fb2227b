-- Stored transfers of earlier runs that differ in more than what the lists say of them.
--
-- makes: history_apart
-- grain: transaction_id
-- reads: history_transfer_facts, was_history_transfer_facts
SELECT c.transaction_id
FROM (
    (
        SELECT n.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
        FROM history_transfer_facts AS n
        EXCEPT ALL
        SELECT w.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
        FROM was_history_transfer_facts AS w
    )
    UNION ALL
    (
        SELECT w.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
        FROM was_history_transfer_facts AS w
        EXCEPT ALL
        SELECT n.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
        FROM history_transfer_facts AS n
    )
) AS c
