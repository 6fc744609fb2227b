-- The banks of one transaction with what their own traffic exposes us to, in the month of the
-- payment: one row per bank and role.
--
-- makes: banks_of(asked)
-- grain: bank_bic8, role
-- reads: transactions, parties, bank_exposure
WITH banks AS (
    SELECT t.value_date, left(t.sender_bic, 8) AS bank_bic8, 'sender' AS role, 1 AS rank
    FROM transactions AS t WHERE t.transaction_id = asked
    UNION ALL
    SELECT t.value_date, left(t.receiver_bic, 8), 'receiver', 2
    FROM transactions AS t WHERE t.transaction_id = asked
    UNION ALL
    SELECT t.value_date, left(p.bic, 8), p.role, 3
    FROM transactions AS t
    JOIN parties AS p USING (transaction_id)
    WHERE t.transaction_id = asked AND p.is_agent
)
SELECT
    b.bank_bic8,
    b.role,
    e.month,
    e.is_listed,
    e.payments,
    e.value_usd,
    e.exposed_count,
    e.exposed_value_usd,
    e.exposed_share,
    e.surge_factor,
    e.trend,
    e.significance
FROM banks AS b
LEFT JOIN bank_exposure AS e
    ON e.bank_bic8 = b.bank_bic8 AND e.month = CAST(date_trunc('month', b.value_date) AS DATE)
WHERE b.bank_bic8 IS NOT NULL
GROUP BY ALL
ORDER BY min(b.rank), b.role, b.bank_bic8
