-- The scores of all transactions of the run.
--
-- makes: made_scores
-- grain: transaction_id
-- reads: was_scores, scores, affected, run
SELECT w.* REPLACE (r.run_id AS run_id)
FROM was_scores AS w
ANTI JOIN affected AS a ON a.transaction_id = w.transaction_id
CROSS JOIN run AS r
UNION ALL BY NAME
SELECT s.*
FROM scores AS s
