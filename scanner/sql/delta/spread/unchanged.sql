-- Transactions that were screened again and showed nothing new: what changed stayed below a hit.
--
-- makes: unchanged
-- grain: transaction_id
-- reads: affected, met_entries, was_hits, hits
WITH stored AS (
    SELECT w.* EXCLUDE (list_version)
    FROM was_hits AS w
    SEMI JOIN affected AS a ON a.transaction_id = w.transaction_id
),

found AS (
    SELECT h.* EXCLUDE (list_version)
    FROM hits AS h
),

changed AS (
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
)

SELECT a.transaction_id
FROM affected AS a
ANTI JOIN changed AS c ON c.transaction_id = a.transaction_id
ANTI JOIN met_entries AS m ON m.transaction_id = a.transaction_id
