-- Transactions of this run that history ties to a change: a party of theirs, or an account, met a
-- listed party where it had not, or no longer does.
--
-- makes: affected_beside
-- grain: transaction_id
-- reads: was_transfer_facts, was_parties, changed_parties, changed_accounts_of_listed
SELECT w.transaction_id
FROM was_transfer_facts AS w
INNER JOIN changed_parties AS c ON c.party_key = w.debtor_key AND w.value_date >= c.since
UNION
SELECT w.transaction_id
FROM was_transfer_facts AS w
INNER JOIN changed_parties AS c ON c.party_key = w.creditor_key AND w.value_date >= c.since
UNION
SELECT p.transaction_id
FROM was_parties AS p
WHERE regexp_replace(upper(p.account), '[^A-Z0-9]', '', 'g') IN (
        SELECT c.account
        FROM changed_accounts_of_listed AS c
    )
