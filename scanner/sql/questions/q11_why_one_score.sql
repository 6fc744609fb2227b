-- Why does one payment score as it does?
--
-- makes: why_one_score
-- grain: transaction_id, position
-- reads: 
SELECT position, code, round(contribution, 2) AS log_odds, words
FROM reasons_of('REFm1')
