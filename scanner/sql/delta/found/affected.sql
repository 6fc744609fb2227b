-- Transactions of this run whose findings the change of the lists may alter, each by itself.
--
-- makes: affected
-- grain: transaction_id
-- reads: was_hits, was_parties, was_texts, was_transactions, changed_entries, changed_names,
-- changed_texts, coded_strings, changed_banks, changed_accounts, changed_addresses
--
-- A firm that is owned by blocked persons hangs on all its owners: its hits are always looked at.
SELECT h.transaction_id
FROM was_hits AS h
WHERE h.match_kind = 'ownership' OR h.entry_id IN (SELECT c.entry_id FROM changed_entries AS c)
UNION
SELECT p.transaction_id
FROM was_parties AS p
WHERE p.name IN (SELECT c.name FROM changed_names AS c)
    OR p.raw IN (SELECT c.text FROM coded_strings AS c)
    OR p.identifier IN (SELECT c.text FROM coded_strings AS c)
    OR p.account IN (SELECT c.account FROM changed_accounts AS c)
    OR left(upper(trim(p.bic)), 8) IN (SELECT c.bic8 FROM changed_banks AS c)
UNION
SELECT x.transaction_id
FROM was_texts AS x
WHERE x.text IN (SELECT c.text FROM changed_texts AS c)
    OR x.text IN (SELECT c.text FROM coded_strings AS c)
UNION
SELECT t.transaction_id
FROM was_transactions AS t
SEMI JOIN changed_banks AS c
    ON c.bic8 IN (
        left(upper(trim(t.sender_bic)), 8),
        left(upper(trim(t.receiver_bic)), 8),
        left(upper(trim(t.debtor_agent_bic)), 8),
        left(upper(trim(t.creditor_agent_bic)), 8)
    )
UNION
SELECT c.transaction_id
FROM changed_addresses AS c
