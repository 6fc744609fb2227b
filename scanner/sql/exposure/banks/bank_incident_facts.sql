-- What went wrong with a bank's payments of this run after the order: delayed, rejected, returned;
-- and which brought a further bank behind it (option D, names only).
--
-- makes: bank_incident_facts
-- grain: transaction_id, bank_bic8
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
        t.transaction_id,
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

SELECT h.*
FROM happened AS h
WHERE h.is_rejected OR h.is_returned OR h.is_delayed OR h.is_nested
