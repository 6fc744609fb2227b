-- What people decided on each stored transaction: a label and how many such it stands for.
--
-- makes: decisions_by_transaction
-- grain: transaction_id
-- reads: transactions, decided
--
-- A decision names a transaction, a UETR or a reference; the narrowest name wins. NULL = nobody
-- looked.
WITH by_key AS (
    SELECT
        d.kind,
        d.key,
        max(d.label) AS label,
        max(d.weight) AS weight
    FROM decided AS d
    GROUP BY d.kind, d.key
)

SELECT
    t.transaction_id,
    coalesce(one.label, two.label, three.label)::INTEGER AS label,
    coalesce(one.weight, two.weight, three.weight, 1)::DOUBLE AS weight
FROM transactions AS t
LEFT JOIN by_key AS one ON one.kind = 'transaction_id' AND one.key = t.transaction_id
LEFT JOIN by_key AS two ON two.kind = 'uetr' AND two.key = lower(t.uetr)
LEFT JOIN by_key AS three ON three.kind = 'reference' AND three.key = t.reference
