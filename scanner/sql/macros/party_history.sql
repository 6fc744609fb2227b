-- Earlier and later payments of the parties of one transaction: the same account, or the same
-- name, as debtor or creditor, in either direction. Spelling counts; case and spaces do not.
--
-- makes: party_history(transaction_id)
-- grain: transaction_id, same
-- reads: transactions, scores
WITH wanted AS (
    SELECT transaction_id AS wanted_id
),
named AS (
    SELECT
        t.transaction_id AS id,
        coalesce(t.payment_id, t.transaction_id) AS payment,
        unnest([
            {'what': 'debtor', 'account': t.debtor_account, 'name': t.debtor_name},
            {'what': 'creditor', 'account': t.creditor_account, 'name': t.creditor_name}
        ]) AS party,
        t.value_date,
        t.message_type,
        t.reference,
        t.currency,
        t.amount,
        t.amount_usd,
        t.debtor_name,
        t.creditor_name,
        t.is_counted
    FROM transactions AS t
),
keyed AS (
    SELECT
        *,
        nullif(regexp_replace(upper(party.account), '[^A-Z0-9]', '', 'g'), '') AS account_key,
        nullif(trim(regexp_replace(upper(party.name), '\s+', ' ', 'g')), '') AS name_key
    FROM named
),
asked AS (
    SELECT keyed.* FROM keyed JOIN wanted ON keyed.id = wanted.wanted_id
)
SELECT
    o.id AS transaction_id,
    a.party.what AS same,
    o.party.what AS there_as,
    o.value_date,
    o.message_type,
    o.reference,
    o.currency,
    o.amount,
    o.amount_usd,
    o.debtor_name,
    o.creditor_name,
    s.score,
    s.band
FROM asked AS a
JOIN keyed AS o
    ON o.payment <> a.payment
   AND (o.account_key = a.account_key OR o.name_key = a.name_key)
LEFT JOIN scores AS s ON s.transaction_id = o.id
WHERE o.is_counted IS DISTINCT FROM false
ORDER BY o.value_date DESC, o.id, same
