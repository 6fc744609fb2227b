-- Accounts of which a run and the one that took its place do not say the same of listed parties.
--
-- makes: changed_history_accounts
-- grain: account
-- reads: listed_account_facts, was_listed_account_facts
SELECT DISTINCT c.account
FROM (
    (
        SELECT w.*
        FROM was_listed_account_facts AS w
        EXCEPT
        SELECT n.*
        FROM listed_account_facts AS n
    )
    UNION ALL
    (
        SELECT n.*
        FROM listed_account_facts AS n
        EXCEPT
        SELECT w.*
        FROM was_listed_account_facts AS w
    )
) AS c
