-- What may link two transactions into one payment: a UETR, a reference with its amount, or
-- the original that a reject, return or enquiry without amount speaks of.
--
-- makes: link_keys
-- grain: transaction_id, link_key
-- reads: read_transactions, history_transactions
--
-- A UETR links alone. References are short and banks reuse them, so a reference links
-- only together with currency and amount (a cover's field 21 repeats field 20 of its
-- customer transfer), or between the same two banks for a message that bears no amount:
-- then with the newest transaction of that reference. A reference that one message bears
-- twice (a payroll) or that comes again after 25 days (a rent) is not one payment's.
-- Continuations and amendments of credits and guarantees bear the credit's number and
-- go between the same two banks.
-- Stored transactions that may be meant are found first: of them alone all columns are read.
WITH meant AS MATERIALIZED (
    SELECT h.transaction_id
    FROM history_transactions AS h
    WHERE h.uetr IN (SELECT r.uetr FROM read_transactions AS r)
        OR h.reference IN (SELECT r.related_reference FROM read_transactions AS r)
        OR h.reference IN (SELECT r.reference FROM read_transactions AS r)
        OR h.related_reference IN (SELECT r.reference FROM read_transactions AS r)
        OR h.end_to_end_id IN (SELECT r.related_reference FROM read_transactions AS r)
        OR h.end_to_end_id IN (SELECT r.end_to_end_id FROM read_transactions AS r)
),

known AS (
    SELECT t.* FROM read_transactions AS t
    UNION ALL BY NAME
    SELECT h.*
    FROM history_transactions AS h
    WHERE h.transaction_id IN (SELECT m.transaction_id FROM meant AS m)
),

paired AS (
    SELECT
        k.*,
        least(substr(k.sender_bic, 1, 8), substr(k.receiver_bic, 1, 8))
        || greatest(substr(k.sender_bic, 1, 8), substr(k.receiver_bic, 1, 8)) AS banks,
        k.kind IN ('letter_of_credit', 'guarantee') AS is_credit
    FROM known AS k
),

spoken_of AS (
    SELECT
        a.transaction_id,
        a.payment_id,
        o.transaction_id AS original_id,
        o.payment_id AS original_payment_id
    FROM paired AS a
    INNER JOIN paired AS o
        ON o.reference = a.related_reference
        AND o.banks = a.banks
        AND o.transaction_id <> a.transaction_id
        AND o.amount IS NOT NULL
    WHERE a.amount IS NULL AND NOT a.is_credit AND length(a.related_reference) >= 6
    QUALIFY row_number() OVER (
        PARTITION BY a.transaction_id ORDER BY o.value_date DESC NULLS LAST, o.transaction_id
    ) = 1
),

referenced AS (
    SELECT
        k.transaction_id,
        k.payment_id AS stored_payment_id,
        k.currency,
        k.amount,
        k.value_date,
        key.name,
        count(*) OVER (PARTITION BY k.message_id, key.name, k.currency, k.amount) AS in_message
    FROM known AS k
    CROSS JOIN LATERAL (
        SELECT unnest(list_distinct([k.reference, k.related_reference, k.end_to_end_id])) AS name
    ) AS key
    WHERE key.name IS NOT NULL
        AND key.name NOT IN ('NONREF', 'NOTPROVIDED')
        AND length(key.name) >= 6
        AND k.amount IS NOT NULL
        AND k.currency IS NOT NULL
),

spaced AS (
    SELECT
        r.*,
        r.value_date - lag(r.value_date) OVER (
            PARTITION BY r.name, r.currency, r.amount ORDER BY r.value_date, r.transaction_id
        ) > 25 AS begins_anew
    FROM referenced AS r
    WHERE r.in_message = 1
),

dated AS (
    SELECT
        s.*,
        count(*) FILTER (s.begins_anew) OVER (
            PARTITION BY s.name, s.currency, s.amount ORDER BY s.value_date, s.transaction_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS recurrence
    FROM spaced AS s
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
    d.transaction_id,
    d.stored_payment_id,
    'reference' AS linked_by,
    'R:' || d.name || ':' || d.currency || ':' || d.amount || ':' || d.recurrence AS link_key
FROM dated AS d

UNION ALL

SELECT
    p.transaction_id,
    p.payment_id AS stored_payment_id,
    'reference' AS linked_by,
    'C:' || p.banks || ':' || key.name AS link_key
FROM paired AS p
CROSS JOIN LATERAL (
    SELECT unnest(list_distinct([p.reference, p.related_reference])) AS name
) AS key
WHERE p.is_credit AND p.banks IS NOT NULL AND length(key.name) >= 6 AND key.name <> 'NONREF'

UNION ALL

SELECT
    s.transaction_id,
    s.payment_id AS stored_payment_id,
    'related_reference' AS linked_by,
    'T:' || s.original_id AS link_key
FROM spoken_of AS s

UNION ALL

SELECT DISTINCT
    s.original_id AS transaction_id,
    s.original_payment_id AS stored_payment_id,
    'related_reference' AS linked_by,
    'T:' || s.original_id AS link_key
FROM spoken_of AS s
