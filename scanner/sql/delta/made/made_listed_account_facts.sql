-- Accounts under which a listed party was paid or paid in this run, by what the lists say now.
--
-- makes: made_listed_account_facts
-- grain: transaction_id, account
-- reads: was_listed_account_facts, listed_account_facts, affected
SELECT w.*
FROM was_listed_account_facts AS w
ANTI JOIN affected AS a ON a.transaction_id = w.transaction_id
UNION ALL BY NAME
SELECT f.*
FROM listed_account_facts AS f
