-- Stored payments that the model may alert on, with its score, what a person decided and what
-- became known later: thresholds and backtests count here.
--
-- makes: judged
-- grain: transaction_id
-- reads: transactions, scores, judged_scores, decisions_by_transaction, later_designations
--
-- An obligation that rests on a later listing alone was none on the payment's date.
SELECT
    t.transaction_id,
    t.reference,
    t.uetr,
    t.message_type,
    t.value_date,
    m.model_score AS score,
    m.margin,
    s.obligation AND coalesce(l.is_known_then, TRUE) AS obligation,
    d.label,
    d.weight,
    l.listed_on AS listed_later_on
FROM transactions AS t
INNER JOIN scores AS s ON s.transaction_id = t.transaction_id
INNER JOIN decisions_by_transaction AS d ON d.transaction_id = t.transaction_id
INNER JOIN judged_scores AS m ON m.transaction_id = t.transaction_id
LEFT JOIN later_designations AS l ON l.transaction_id = t.transaction_id
WHERE s.band != 'cannot_score'
    AND m.model_score IS NOT NULL
    AND (t.is_counted OR t.kind NOT IN ('statement_entry', 'confirmation'))
    AND t.kind NOT IN ('return', 'reject', 'free_format')
