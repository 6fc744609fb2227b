-- Which transfers, of those whose parties' past is asked for, follow payments with listed parties.
--
-- makes: steps_found
-- grain: transaction_id, code, evidence
-- reads: indicators, asked_transfers
--
-- `indicators` holds nothing else yet.
SELECT i.*
FROM indicators AS i
SEMI JOIN asked_transfers AS t ON t.transaction_id = i.transaction_id
