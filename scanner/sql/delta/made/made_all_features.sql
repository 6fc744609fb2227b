-- The features of all transactions of the run.
--
-- makes: made_all_features
-- grain: transaction_id
-- reads: was_features, features, affected
SELECT w.*
FROM was_features AS w
ANTI JOIN affected AS a ON a.transaction_id = w.transaction_id
UNION ALL BY NAME
SELECT f.*
FROM features AS f
