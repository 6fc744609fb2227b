-- Payments whose factors of significance have to be measured again: a party of theirs had to do with
-- a listed one before, and had not, or the other way round.
--
-- makes: affected_by_steps
-- grain: transaction_id
-- reads: steps_found, was_indicators, was_significance, asked_transfers
--
-- The factors count which indicators there are, not what they say.
WITH stored AS (
    SELECT DISTINCT w.transaction_id
    FROM was_indicators AS w
    SEMI JOIN asked_transfers AS t ON t.transaction_id = w.transaction_id
    WHERE w.code = 'NX-03'
),

found AS (
    SELECT DISTINCT s.transaction_id
    FROM steps_found AS s
)

SELECT c.transaction_id
FROM (
    (
        SELECT s.transaction_id
        FROM stored AS s
        EXCEPT
        SELECT f.transaction_id
        FROM found AS f
    )
    UNION ALL
    (
        SELECT f.transaction_id
        FROM found AS f
        EXCEPT
        SELECT s.transaction_id
        FROM stored AS s
    )
) AS c
WHERE c.transaction_id IN (
        SELECT w.subject
        FROM was_significance AS w
        WHERE w.subject_kind = 'payment'
    )
