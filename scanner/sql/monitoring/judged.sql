-- Stored payments that the model may alert on, with its score, what a person decided and what
-- became known later: thresholds and backtests count here.
--
-- makes: judged
-- grain: transaction_id
-- reads: transactions, scores, judged_scores, decided, later_designations
--
-- A decision names a transaction, a UETR or a reference; the narrowest name wins. An obligation
-- that rests on a later listing alone was none on the payment's date.
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
    t.reference,
    t.uetr,
    t.message_type,
    t.value_date,
    m.model_score AS score,
    m.margin,
    s.obligation AND coalesce(l.is_known_then, TRUE) AS obligation,
    coalesce(one.label, two.label, three.label)::INTEGER AS label,
    coalesce(one.weight, two.weight, three.weight, 1)::DOUBLE AS weight,
    l.listed_on AS listed_later_on
FROM transactions AS t
INNER JOIN scores AS s ON s.transaction_id = t.transaction_id
INNER JOIN judged_scores AS m ON m.transaction_id = t.transaction_id
LEFT JOIN later_designations AS l ON l.transaction_id = t.transaction_id
LEFT JOIN by_key AS one ON one.kind = 'transaction_id' AND one.key = t.transaction_id
LEFT JOIN by_key AS two ON two.kind = 'uetr' AND two.key = lower(t.uetr)
LEFT JOIN by_key AS three ON three.kind = 'reference' AND three.key = t.reference
WHERE s.band != 'cannot_score'
    AND m.model_score IS NOT NULL
    AND (t.is_counted OR t.kind NOT IN ('statement_entry', 'confirmation'))
    AND t.kind NOT IN ('return', 'reject', 'free_format')
