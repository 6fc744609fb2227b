-- Transactions of this run that met an entry or a bank of which the lists say something else, or a
-- firm that is owned by blocked persons.
--
-- makes: met_entries
-- grain: transaction_id
-- reads: was_hits, was_parties, was_transactions, changed_entries, changed_banks
--
-- An owned firm hangs on all its owners: its hits are always looked at.
SELECT h.transaction_id
FROM was_hits AS h
WHERE h.match_kind = 'ownership' OR h.entry_id IN (SELECT c.entry_id FROM changed_entries AS c)
UNION
SELECT p.transaction_id
FROM was_parties AS p
WHERE left(upper(trim(p.bic)), 8) IN (SELECT c.bic8 FROM changed_banks AS c)
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
