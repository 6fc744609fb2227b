-- Transfers of a run and of the one that took its place that differ in more than what the lists say.
--
-- makes: history_apart
-- grain: transaction_id
-- reads: transfer_facts, was_transfer_facts
SELECT c.transaction_id
FROM (
    (
        SELECT n.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
        FROM transfer_facts AS n
        EXCEPT ALL
        SELECT w.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
        FROM was_transfer_facts AS w
    )
    UNION ALL
    (
        SELECT w.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
        FROM was_transfer_facts AS w
        EXCEPT ALL
        SELECT n.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
        FROM transfer_facts AS n
    )
) AS c
