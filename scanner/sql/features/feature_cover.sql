-- Bank transfers that pay for a customer transfer without naming its customers.
--
-- makes: feature_cover
-- grain: transaction_id
-- reads: transactions
--
-- Both belong to one payment, whichever reference linked them (field 21, EndToEndId, UETR).
WITH customer_transfers AS (
    SELECT
        t.payment_id,
        t.currency,
        t.amount,
        t.value_date
    FROM transactions AS t
    WHERE t.kind = 'customer_transfer'
    -- One reference on very many messages links nothing.
    QUALIFY count(*) OVER (PARTITION BY t.payment_id) <= 20
)

SELECT DISTINCT
    b.transaction_id,
    TRUE AS plain_cover
FROM transactions AS b
INNER JOIN customer_transfers AS c
    ON c.payment_id = b.payment_id
    AND c.currency = b.currency
    AND abs(c.amount - b.amount) <= 0.02 * b.amount
    AND coalesce(c.value_date <= b.value_date, TRUE)
WHERE b.kind = 'bank_transfer'
