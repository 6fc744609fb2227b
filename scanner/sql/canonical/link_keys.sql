-- What may link two transactions into one payment: a UETR, or a reference with its amount.
--
-- makes: link_keys
-- grain: transaction_id, link_key
-- reads: read_transactions, history_transactions
--
-- A UETR links alone. References are short and banks reuse them, so a reference
-- links only together with currency and amount (a cover's field 21 repeats field 20
-- of its customer transfer).
WITH known AS (
    SELECT t.* FROM read_transactions AS t
    UNION ALL BY NAME
    SELECT h.*
    FROM history_transactions AS h
    WHERE h.uetr IN (SELECT r.uetr FROM read_transactions AS r)
        OR h.reference IN (SELECT r.related_reference FROM read_transactions AS r)
        OR h.related_reference IN (SELECT r.reference FROM read_transactions AS r)
        OR h.end_to_end_id IN (SELECT r.related_reference FROM read_transactions AS r)
)

SELECT
    k.transaction_id,
    k.payment_id AS stored_payment_id,
    'uetr' AS linked_by,
    'U:' || k.uetr AS link_key
FROM known AS k
WHERE k.uetr IS NOT NULL

UNION ALL

SELECT
    k.transaction_id,
    k.payment_id AS stored_payment_id,
    'reference' AS linked_by,
    'R:' || key.name || ':' || k.currency || ':' || k.amount AS link_key
FROM known AS k
CROSS JOIN LATERAL (
    SELECT unnest(list_distinct([k.reference, k.related_reference, k.end_to_end_id])) AS name
) AS key
WHERE key.name IS NOT NULL
    AND key.name NOT IN ('NONREF', 'NOTPROVIDED')
    AND length(key.name) >= 6
    AND k.amount IS NOT NULL
    AND k.kind IN ('customer_transfer', 'bank_transfer', 'cover', 'return', 'reject')
