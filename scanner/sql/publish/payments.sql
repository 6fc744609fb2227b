-- Payments whose messages came in several runs, as one row each: the money and the parties of the
-- strongest lead, the fate that the newest run saw, the messages of all.
--
-- makes: payments
-- grain: payment_id
-- reads: payments_of_runs, transactions
--
-- Leads are ranked as in canonical/payments: the customer transfer first, then other credits, then
-- the cover; a return or an enquiry only follows. Nearly all payments are of one run: they stand as
-- they are, and only the others are put together, so that millions fit into bounded memory.
WITH shared AS MATERIALIZED (
    SELECT p.payment_id
    FROM payments_of_runs AS p
    GROUP BY p.payment_id
    HAVING count(*) > 1
),

ranked AS (
    SELECT
        p.*,
        row_number() OVER (
            PARTITION BY p.payment_id
            ORDER BY
                t.is_counted DESC NULLS LAST,
                list_position(
                    [
                        'customer_transfer', 'letter_of_credit', 'guarantee', 'direct_debit', 'cheque',
                        'cover', 'bank_transfer'
                    ],
                    t.kind
                ) NULLS LAST,
                p.run_ordinal
        ) AS place
    FROM payments_of_runs AS p
    SEMI JOIN shared AS s ON s.payment_id = p.payment_id
    LEFT JOIN transactions AS t ON t.transaction_id = p.lead_transaction_id
),

whole AS (
    SELECT
        r.payment_id,
        sum(r.transaction_count)::BIGINT AS transaction_count,
        flatten(list(r.message_types ORDER BY r.run_ordinal)) AS message_types,
        list_sort(list_distinct(flatten(list(r.linked_by)))) AS linked_by,
        coalesce(
            max_by(r.status, r.run_ordinal) FILTER (r.status <> 'open'), 'open'
        ) AS status,
        max_by(r.reason_class, r.run_ordinal) FILTER (r.reason_class IS NOT NULL) AS reason_class
    FROM ranked AS r
    GROUP BY r.payment_id
)

SELECT
    w.payment_id,
    w.transaction_count,
    w.message_types,
    w.linked_by,
    r.lead_transaction_id,
    r.uetr,
    r.reference,
    r.value_date,
    r.currency,
    r.amount,
    r.amount_usd,
    r.debtor_name,
    r.debtor_country,
    r.creditor_name,
    r.creditor_country,
    w.status,
    w.reason_class
FROM whole AS w
INNER JOIN ranked AS r ON r.payment_id = w.payment_id AND r.place = 1
UNION ALL BY NAME
SELECT
    p.* EXCLUDE (run_ordinal) REPLACE (list_sort(list_distinct(p.linked_by)) AS linked_by)
FROM payments_of_runs AS p
ANTI JOIN shared AS s ON s.payment_id = p.payment_id
