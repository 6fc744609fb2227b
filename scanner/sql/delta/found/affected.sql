-- Transactions of this run whose hits the change of the lists may alter, each by itself.
--
-- makes: affected
-- grain: transaction_id
-- reads: met_entries, was_parties, was_texts, changed_names, changed_texts, coded_strings,
-- changed_accounts, changed_addresses
SELECT m.transaction_id
FROM met_entries AS m
UNION
SELECT p.transaction_id
FROM was_parties AS p
WHERE p.name IN (SELECT c.name FROM changed_names AS c)
    OR p.raw IN (SELECT c.text FROM coded_strings AS c)
    OR p.identifier IN (SELECT c.text FROM coded_strings AS c)
    OR p.account IN (SELECT c.account FROM changed_accounts AS c)
UNION
SELECT x.transaction_id
FROM was_texts AS x
WHERE x.text IN (SELECT c.text FROM changed_texts AS c)
    OR x.text IN (SELECT c.text FROM coded_strings AS c)
UNION
SELECT c.transaction_id
FROM changed_addresses AS c
