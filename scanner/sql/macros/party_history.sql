-- Earlier and later payments of the parties of one transaction: the same account, or the same
-- name, as debtor or creditor, in either direction. Spelling counts; case and spaces do not.
--
-- makes: party_history(transaction_id)
-- grain: transaction_id, same, there_as
-- reads: transactions, scores
WITH wanted AS (
    SELECT transaction_id AS wanted_id
),
seen AS (
    SELECT
        t.transaction_id AS id,
        coalesce(t.payment_id, t.transaction_id) AS payment,
        'debtor' AS side,
        nullif(replace(upper(t.debtor_account), ' ', ''), '') AS account_key,
        nullif(replace(upper(t.debtor_name), ' ', ''), '') AS name_key
    FROM transactions AS t
    UNION ALL
    SELECT
        t.transaction_id,
        coalesce(t.payment_id, t.transaction_id),
        'creditor',
        nullif(replace(upper(t.creditor_account), ' ', ''), ''),
        nullif(replace(upper(t.creditor_name), ' ', ''), '')
    FROM transactions AS t
),
asked AS (
    SELECT s.payment, s.side, s.account_key, s.name_key
    FROM seen AS s
    JOIN wanted AS w ON s.id = w.wanted_id
),
met AS (
    SELECT DISTINCT o.id, a.side AS same, o.side AS there_as
    FROM asked AS a
    JOIN seen AS o ON o.account_key = a.account_key
    WHERE o.payment <> a.payment
    UNION
    SELECT o.id, a.side, o.side
    FROM asked AS a
    JOIN seen AS o ON o.name_key = a.name_key
    WHERE o.payment <> a.payment
)
SELECT
    t.transaction_id,
    m.same,
    m.there_as,
    t.value_date,
    t.message_type,
    t.reference,
    t.currency,
    t.amount,
    t.amount_usd,
    t.debtor_name,
    t.creditor_name,
    s.score,
    s.band
FROM met AS m
JOIN transactions AS t ON t.transaction_id = m.id
LEFT JOIN scores AS s ON s.transaction_id = m.id
WHERE t.is_counted IS DISTINCT FROM false
ORDER BY t.value_date DESC, t.transaction_id, m.same, m.there_as
