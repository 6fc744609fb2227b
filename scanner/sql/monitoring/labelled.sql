-- Stored payments with the label that people or a later listing gave them; NULL = nobody looked.
--
-- makes: labelled
-- grain: transaction_id
-- reads: transactions, decided, later_designations
--
-- A decision names a transaction, a UETR or a reference; the narrowest name wins, and a person's
-- word stands above a later listing. Kinds that carry no deal's money are left out.
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
    t.value_date,
    t.message_type,
    coalesce(
        one.label, two.label, three.label, CASE WHEN l.transaction_id IS NOT NULL THEN 1 END
    )::INTEGER AS label,
    coalesce(one.weight, two.weight, three.weight, 1)::DOUBLE AS weight,
    coalesce(one.label, two.label, three.label) IS NULL AND l.transaction_id IS NOT NULL
        AS is_listed_later
FROM transactions AS t
LEFT JOIN later_designations AS l ON l.transaction_id = t.transaction_id AND NOT l.is_known_then
LEFT JOIN by_key AS one ON one.kind = 'transaction_id' AND one.key = t.transaction_id
LEFT JOIN by_key AS two ON two.kind = 'uetr' AND two.key = lower(t.uetr)
LEFT JOIN by_key AS three ON three.kind = 'reference' AND three.key = t.reference
WHERE t.kind NOT IN ('return', 'reject', 'free_format')
