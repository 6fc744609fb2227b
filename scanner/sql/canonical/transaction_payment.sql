-- The payment of each transaction: transactions that share a link key belong together.
--
-- makes: transaction_payment
-- grain: transaction_id
-- reads: read_transactions, link_keys
--
-- Labels spread from transactions to their keys and back, three times: far enough
-- for a transfer, its cover, its forwarding legs, its return and its resubmission.
-- A payment that an earlier run has named keeps its name.
WITH labelled AS (
    SELECT
        k.transaction_id,
        k.link_key,
        coalesce(k.stored_payment_id, 'Z' || k.transaction_id) AS label
    FROM link_keys AS k
),

once AS (
    SELECT
        l.transaction_id,
        l.link_key,
        min(l.label) OVER (PARTITION BY l.link_key) AS label
    FROM labelled AS l
),

once_back AS (
    SELECT
        o.transaction_id,
        o.link_key,
        min(o.label) OVER (PARTITION BY o.transaction_id) AS label
    FROM once AS o
),

twice AS (
    SELECT
        b.transaction_id,
        b.link_key,
        min(b.label) OVER (PARTITION BY b.link_key) AS label
    FROM once_back AS b
),

twice_back AS (
    SELECT
        t.transaction_id,
        t.link_key,
        min(t.label) OVER (PARTITION BY t.transaction_id) AS label
    FROM twice AS t
),

thrice AS (
    SELECT
        b.transaction_id,
        min(b.label) OVER (PARTITION BY b.link_key) AS label
    FROM twice_back AS b
),

settled AS (
    SELECT
        t.transaction_id,
        min(t.label) AS label
    FROM thrice AS t
    GROUP BY t.transaction_id
)

SELECT
    r.transaction_id,
    CASE
        WHEN s.label IS NULL THEN 'P-' || substr(md5(r.transaction_id), 1, 16)
        WHEN starts_with(s.label, 'P-') THEN s.label
        ELSE 'P-' || substr(md5(substr(s.label, 2)), 1, 16)
    END AS payment_id
FROM read_transactions AS r
LEFT JOIN settled AS s ON s.transaction_id = r.transaction_id
