-- All indicators of the run: those that stand, and those found anew.
--
-- makes: made_indicators
-- grain: transaction_id, code, evidence
-- reads: kept_indicators, steps_found, indicators, list_bound_codes, affected
SELECT k.*
FROM kept_indicators AS k
UNION ALL BY NAME
SELECT s.*
FROM steps_found AS s
UNION ALL BY NAME
SELECT i.*
FROM indicators AS i
SEMI JOIN affected AS a ON a.transaction_id = i.transaction_id
WHERE i.code IN (SELECT c.code FROM list_bound_codes AS c) AND i.code <> 'NX-03'
