-- Does everything that was read add up, file by file?
--
-- makes: reconciliation
-- grain: source_file
-- reads:
SELECT source_file, messages, rejected, transactions_said, transactions_held, scored, balances
FROM reconciliation()
