-- What each feature of a payment adds to the model's log-odds, strongest first: with the models
-- row's start they add up to the margin, and 1 / (1 + exp(-margin)) is the model's score.
--
-- makes: contributions_of(key)
-- grain: transaction_id, feature
-- reads: scores, features, model_steps
WITH asked AS (
    SELECT
        s.transaction_id,
        s.reference,
        s.model_version
    FROM scores AS s
    WHERE key IN (s.transaction_id, s.payment_id, s.reference) OR lower(s.uetr) = lower(key)
),

wide AS (
    SELECT f.* FROM features AS f SEMI JOIN asked AS a ON a.transaction_id = f.transaction_id
),

long AS (
    FROM wide UNPIVOT INCLUDE NULLS (value FOR feature IN (COLUMNS(* EXCLUDE (transaction_id))))
)

SELECT
    a.transaction_id,
    a.reference,
    m.reason,
    m.feature,
    m.meaning,
    l.value,
    m.contribution,
    m.above,
    m.up_to,
    m.model_version
FROM asked AS a
JOIN long AS l ON l.transaction_id = a.transaction_id
JOIN model_steps AS m
    ON m.model_version = a.model_version
    AND m.feature = l.feature
    AND CASE
        WHEN l.value IS NULL OR isnan(l.value) THEN m.step = 0
        ELSE m.step > 0
            AND (m.above IS NULL OR l.value > m.above)
            AND (m.up_to IS NULL OR l.value <= m.up_to)
    END
ORDER BY a.transaction_id, abs(m.contribution) DESC, m.feature
