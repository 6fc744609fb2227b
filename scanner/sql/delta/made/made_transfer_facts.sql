-- The transfers of this run with what the lists now say of them; their bands come later.
--
-- makes: made_transfer_facts
-- grain: transaction_id
-- reads: corrected_facts
SELECT c.* REPLACE (NULL AS band)
FROM corrected_facts AS c
