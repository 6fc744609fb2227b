-- Transactions of this run of which it has changed what a party had to do with listed ones before.
--
-- makes: affected_by_steps
-- grain: transaction_id
-- reads: indicators, was_indicators, asked_transfers
WITH stored AS (
    SELECT w.*
    FROM was_indicators AS w
    SEMI JOIN asked_transfers AS t ON t.transaction_id = w.transaction_id
    WHERE w.code = 'NX-03'
),

found AS (
    SELECT i.*
    FROM indicators AS i
    SEMI JOIN asked_transfers AS t ON t.transaction_id = i.transaction_id
)

SELECT DISTINCT c.transaction_id
FROM (
    (
        SELECT s.*
        FROM stored AS s
        EXCEPT ALL
        SELECT f.*
        FROM found AS f
    )
    UNION ALL
    (
        SELECT f.*
        FROM found AS f
        EXCEPT ALL
        SELECT s.*
        FROM stored AS s
    )
) AS c
