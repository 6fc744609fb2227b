-- All indicators of the run: those that stand, and those found anew.
--
-- makes: made_indicators
-- grain: transaction_id, code, evidence
-- reads: kept_indicators, indicators, list_bound_codes, affected
SELECT k.*
FROM kept_indicators AS k
UNION ALL BY NAME
SELECT i.*
FROM indicators AS i
INNER JOIN affected AS a ON a.transaction_id = i.transaction_id
INNER JOIN list_bound_codes AS c ON c.code = i.code
