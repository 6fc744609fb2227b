-- Accounts of which it has changed whether, when or by whom a listed party used them.
--
-- makes: changed_accounts_of_listed
-- grain: account
-- reads: listed_account_facts, was_listed_account_facts, changed_history_accounts, affected
WITH stored AS (
    SELECT w.*
    FROM was_listed_account_facts AS w
    WHERE w.transaction_id IN (SELECT a.transaction_id FROM affected AS a)
)

SELECT c.account
FROM (
    (
        SELECT t.*
        FROM stored AS t
        EXCEPT
        SELECT n.*
        FROM listed_account_facts AS n
    )
    UNION ALL
    (
        SELECT n.*
        FROM listed_account_facts AS n
        EXCEPT
        SELECT t.*
        FROM stored AS t
    )
) AS c
UNION
SELECT h.account
FROM changed_history_accounts AS h
