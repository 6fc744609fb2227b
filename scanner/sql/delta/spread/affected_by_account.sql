-- Transactions of this run with an account of which it has changed what listed parties did under it.
--
-- makes: affected_by_account
-- grain: transaction_id
-- reads: was_parties, changed_accounts_of_listed
SELECT DISTINCT p.transaction_id
FROM was_parties AS p
WHERE regexp_replace(upper(p.account), '[^A-Z0-9]', '', 'g') IN (
        SELECT c.account
        FROM changed_accounts_of_listed AS c
    )
