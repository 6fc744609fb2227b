-- The transfers of this run with what the lists now say of them; new bands come later.
--
-- makes: corrected_facts
-- grain: transaction_id
-- reads: was_transfer_facts, transfer_facts
--
-- `transfer_facts` holds the affected ones.
SELECT
    w.* REPLACE (
        coalesce(f.has_listed_party, w.has_listed_party) AS has_listed_party,
        coalesce(f.is_owned_by_blocked, w.is_owned_by_blocked) AS is_owned_by_blocked
    )
FROM was_transfer_facts AS w
LEFT JOIN transfer_facts AS f ON f.transaction_id = w.transaction_id
