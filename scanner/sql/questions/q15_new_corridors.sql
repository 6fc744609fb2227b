-- Which pairs of parties first paid each other after the order?
--
-- makes: new_corridors
-- grain: debtor_name, creditor_name
-- reads: transactions
SELECT
    debtor_name,
    creditor_name,
    min(value_date) AS first_payment,
    count(*) AS payments,
    sum(amount_usd) AS value_usd
FROM transactions
WHERE is_counted IS DISTINCT FROM false
GROUP BY debtor_name, creditor_name
HAVING min(value_date) >= DATE '2023-12-22'
ORDER BY value_usd DESC NULLS LAST, debtor_name, creditor_name
LIMIT 50
