-- One row per transaction: its score, band, limbs, reasons and the exception that may apply.
--
-- makes: scores
-- grain: transaction_id
-- reads: transactions, scored, limbs, reasons, exceptions, run, champion
WITH excepted AS (
    SELECT
        e.transaction_id,
        string_agg(
            e.code || ' ' || e.words || ' (' || e.valid_from || ' to ' || coalesce(e.valid_to::VARCHAR, 'open')
            || ')',
            '; ' ORDER BY e.code, e.words
        ) AS words
    FROM exceptions AS e
    GROUP BY e.transaction_id
)

SELECT
    t.transaction_id,
    t.payment_id,
    t.reference,
    t.uetr,
    t.message_type,
    t.value_date,
    t.currency,
    t.amount,
    t.amount_usd,
    s.score,
    s.model_score,
    s.margin,
    s.band,
    s.obligation,
    s.obligation_codes,
    coalesce(l.limb_persons, 'none') AS limb_persons,
    coalesce(l.limb_items, 'none') AS limb_items,
    l.limb_basis,
    coalesce(r.reasons, []) AS reasons,
    e.words AS exception,
    c.model_version,
    u.run_id
FROM transactions AS t
INNER JOIN scored AS s ON s.transaction_id = t.transaction_id
CROSS JOIN run AS u
CROSS JOIN champion AS c
LEFT JOIN limbs AS l ON l.transaction_id = t.transaction_id
LEFT JOIN reasons AS r ON r.transaction_id = t.transaction_id
LEFT JOIN excepted AS e ON e.transaction_id = t.transaction_id
