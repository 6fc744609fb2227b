-- Stored transfers of earlier runs of which the lists say something else than they did.
--
-- makes: changed_history
-- grain: transaction_id
-- reads: history_transfer_facts, was_history_transfer_facts
WITH stored AS (
    SELECT
        w.transaction_id,
        w.debtor_key,
        w.creditor_key,
        w.value_date,
        w.has_listed_party
    FROM was_history_transfer_facts AS w
),

now AS (
    SELECT
        n.transaction_id,
        n.debtor_key,
        n.creditor_key,
        n.value_date,
        n.has_listed_party
    FROM history_transfer_facts AS n
)

SELECT c.*
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
