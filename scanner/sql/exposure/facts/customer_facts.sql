-- The bank's customer that takes part in a transaction, by account or else by name and country.
--
-- makes: customer_facts
-- grain: transaction_id, side
-- reads: transactions, customers
WITH by_account AS (
    SELECT
        regexp_replace(upper(c.account), '[^A-Z0-9]', '', 'g') AS account_key,
        min_by(c, c.customer_id) AS customer
    FROM customers AS c
    WHERE c.account IS NOT NULL
    GROUP BY account_key
),

by_name AS (
    SELECT
        trim(regexp_replace(upper(strip_accents(c.name)), '[^\p{L}\p{N}]+', ' ', 'g')) AS name_key,
        c.country,
        min_by(c, c.customer_id) AS customer
    FROM customers AS c
    WHERE c.name IS NOT NULL
    GROUP BY ALL
),

sides AS (
    SELECT
        t.transaction_id,
        'debtor' AS side,
        t.debtor_account AS account,
        t.debtor_name AS name,
        t.debtor_country AS country
    FROM transactions AS t
    UNION ALL
    SELECT
        t.transaction_id,
        'creditor',
        t.creditor_account,
        t.creditor_name,
        t.creditor_country
    FROM transactions AS t
)

SELECT
    s.transaction_id,
    s.side,
    coalesce(a.customer, n.customer).customer_id AS customer_id,
    coalesce(a.customer, n.customer).name AS name,
    coalesce(a.customer, n.customer).country AS country,
    coalesce(a.customer, n.customer).incorporated_on AS incorporated_on,
    coalesce(a.customer, n.customer).industry AS industry
FROM sides AS s
LEFT JOIN by_account AS a
    ON a.account_key = regexp_replace(upper(s.account), '[^A-Z0-9]', '', 'g')
LEFT JOIN by_name AS n
    ON n.name_key
    = trim(regexp_replace(upper(strip_accents(s.name)), '[^\p{L}\p{N}]+', ' ', 'g'))
    AND (n.country IS NULL OR s.country IS NULL OR n.country = s.country)
WHERE a.customer IS NOT NULL OR n.customer IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY s.transaction_id, s.side ORDER BY coalesce(a.customer, n.customer).customer_id
) = 1
