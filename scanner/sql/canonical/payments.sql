-- One row per business transfer with all its messages, its amount counted once, and its fate.
--
-- makes: payments
-- grain: payment_id
-- reads: transactions, link_keys
--
-- The lead is the customer transfer, else the credit, else the bank transfer; the
-- cover and the statement entries only follow it.
WITH ranked AS (
    SELECT
        t.*,
        row_number() OVER (
            PARTITION BY t.payment_id
            ORDER BY
                t.is_counted DESC,
                list_position(
                    [
                        'customer_transfer', 'letter_of_credit', 'guarantee', 'direct_debit', 'cheque',
                        'cover', 'bank_transfer'
                    ],
                    t.kind
                ) NULLS LAST,
                t.value_date NULLS LAST,
                t.transaction_id
        ) AS place
    FROM transactions AS t
),

linked AS (
    SELECT
        t.payment_id,
        list_sort(list_distinct(list(k.linked_by))) AS linked_by
    FROM transactions AS t
    INNER JOIN link_keys AS k ON k.transaction_id = t.transaction_id
    GROUP BY t.payment_id
)

SELECT
    r.payment_id,
    count(*) AS transaction_count,
    list(r.message_type ORDER BY r.value_date NULLS LAST, r.transaction_id) AS message_types,
    coalesce(any_value(l.linked_by), []) AS linked_by,
    any_value(r.transaction_id) FILTER (r.place = 1) AS lead_transaction_id,
    any_value(r.uetr) AS uetr,
    any_value(r.reference) FILTER (r.place = 1) AS reference,
    any_value(r.value_date) FILTER (r.place = 1) AS value_date,
    any_value(r.currency) FILTER (r.place = 1) AS currency,
    any_value(r.amount) FILTER (r.place = 1) AS amount,
    any_value(r.amount_usd) FILTER (r.place = 1) AS amount_usd,
    any_value(r.debtor_name) FILTER (r.place = 1) AS debtor_name,
    any_value(r.debtor_country) FILTER (r.place = 1) AS debtor_country,
    any_value(r.creditor_name) FILTER (r.place = 1) AS creditor_name,
    any_value(r.creditor_country) FILTER (r.place = 1) AS creditor_country,
    CASE
        WHEN bool_or(r.kind = 'return') THEN 'returned'
        WHEN bool_or(r.kind = 'reject') THEN 'rejected'
        WHEN bool_or(r.kind = 'cancellation') THEN 'cancelled'
        WHEN bool_or(r.kind IN ('statement_entry', 'confirmation')) THEN 'settled'
        ELSE 'open'
    END AS status,
    max(r.reason_class) AS reason_class
FROM ranked AS r
LEFT JOIN linked AS l ON l.payment_id = r.payment_id
GROUP BY r.payment_id
