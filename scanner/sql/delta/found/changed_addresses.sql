-- Transactions of which the addresses of parties meet other entries than they did.
--
-- makes: changed_addresses
-- grain: transaction_id
-- reads: address_hits, was_hits
WITH stored AS (
    SELECT w.* EXCLUDE (list_version)
    FROM was_hits AS w
    WHERE w.match_kind = 'address'
),

now AS (
    SELECT n.* EXCLUDE (list_version)
    FROM address_hits AS n
)

SELECT DISTINCT c.transaction_id
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
