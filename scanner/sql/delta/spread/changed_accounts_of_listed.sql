-- Accounts of which it has changed whether, when or by whom a listed party used them.
--
-- makes: changed_accounts_of_listed
-- grain: account
-- reads: listed_account_facts, was_listed_account_facts, history_listed_account_facts,
-- was_history_listed_account_facts, affected
WITH stored AS (
    SELECT w.*
    FROM was_listed_account_facts AS w
    WHERE w.transaction_id IN (SELECT a.transaction_id FROM affected AS a)
    UNION ALL
    SELECT h.*
    FROM was_history_listed_account_facts AS h
),

now AS (
    SELECT f.*
    FROM listed_account_facts AS f
    UNION ALL
    SELECT h.*
    FROM history_listed_account_facts AS h
)

SELECT DISTINCT c.account
FROM (
    (
        SELECT t.*
        FROM stored AS t
        EXCEPT
        SELECT n.*
        FROM now AS n
    )
    UNION ALL
    (
        SELECT n.*
        FROM now AS n
        EXCEPT
        SELECT t.*
        FROM stored AS t
    )
) AS c
