-- What went wrong with a bank's payments after the order: delayed, rejected, returned; and how many
-- brought a further bank behind it (option D, names only, or a third bank in the chain).
--
-- makes: bank_incidents
-- grain: bank_bic8, month
-- reads: transactions, transaction_banks, parties, messages
WITH nested AS (
    SELECT DISTINCT p.transaction_id
    FROM parties AS p
    WHERE p.is_agent
        AND p.bic IS NULL
        AND p.name IS NOT NULL
),

happened AS (
    SELECT
        b.bank_bic8,
        date_trunc('month', t.value_date)::DATE AS month,
        coalesce(t.payment_id, t.transaction_id) AS payment_id,
        t.value_date >= DATE '2023-12-22' AND t.kind = 'reject' AS is_rejected,
        t.value_date >= DATE '2023-12-22' AND t.kind = 'return' AS is_returned,
        t.value_date >= DATE '2023-12-22'
        AND t.is_counted
        AND coalesce(m.created_on < t.value_date - 5, FALSE) AS is_delayed,
        t.is_counted AND n.transaction_id IS NOT NULL AS is_nested
    FROM (SELECT bic8 AS bank_bic8, transaction_id FROM transaction_banks) AS b
    INNER JOIN transactions AS t ON t.transaction_id = b.transaction_id
    INNER JOIN messages AS m ON m.message_id = t.message_id
    LEFT JOIN nested AS n ON n.transaction_id = t.transaction_id
    WHERE t.value_date IS NOT NULL
)

SELECT
    h.bank_bic8,
    h.month,
    count(DISTINCT h.payment_id) FILTER (h.is_rejected) AS rejected_count,
    count(DISTINCT h.payment_id) FILTER (h.is_returned) AS returned_count,
    count(DISTINCT h.payment_id) FILTER (h.is_delayed) AS delayed_count,
    count(DISTINCT h.payment_id) FILTER (h.is_nested) AS nested_count
FROM happened AS h
GROUP BY h.bank_bic8, h.month
