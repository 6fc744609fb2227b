-- Stored payments with the label that people or a later listing gave them; NULL = nobody looked.
--
-- makes: labelled
-- grain: transaction_id
-- reads: transactions, decisions_by_transaction, later_designations
--
-- A person's word stands above a later listing. Kinds that carry no deal's money are left out.
SELECT
    t.transaction_id,
    t.value_date,
    t.message_type,
    coalesce(d.label, CASE WHEN l.transaction_id IS NOT NULL THEN 1 END)::INTEGER AS label,
    d.weight,
    d.label IS NULL AND l.transaction_id IS NOT NULL AS is_listed_later
FROM transactions AS t
INNER JOIN decisions_by_transaction AS d ON d.transaction_id = t.transaction_id
LEFT JOIN later_designations AS l ON l.transaction_id = t.transaction_id AND NOT l.is_known_then
WHERE t.kind NOT IN ('return', 'reject', 'free_format')
