-- What would have to be otherwise for the model not to alert: for each feature that raises the
-- score the nearest value with which it falls under the line of review, else the value that helps
-- most. Hard rules stay whatever the model says, and a value that is not known is no way out.
--
-- makes: would_have_to_change(key)
-- grain: transaction_id, feature
-- reads: scores, models, model_steps
WITH now AS (
    SELECT
        c.*,
        s.margin,
        ln(o.review_at / (1 - o.review_at)) AS line
    FROM contributions_of(key) AS c
    JOIN scores AS s ON s.transaction_id = c.transaction_id
    JOIN models AS o ON o.model_version = c.model_version
    WHERE s.margin IS NOT NULL AND c.value IS NOT NULL AND s.model_score >= o.review_at
),

otherwise AS (
    SELECT
        n.transaction_id,
        n.reference,
        n.reason,
        n.feature,
        n.meaning,
        m.value_type,
        n.value,
        n.contribution,
        m.above AS then_above,
        m.up_to AS then_up_to,
        m.contribution AS then_contribution,
        n.margin - n.contribution + m.contribution AS then_margin,
        n.margin - n.contribution + m.contribution < n.line AS is_enough,
        CASE WHEN m.up_to < n.value THEN n.value - m.up_to ELSE m.above - n.value END AS distance
    FROM now AS n
    JOIN model_steps AS m ON m.model_version = n.model_version AND m.feature = n.feature
    WHERE m.step > 0 AND m.contribution < n.contribution
)

SELECT
    w.* EXCLUDE (distance),
    1 / (1 + exp(-w.then_margin)) AS then_score
FROM otherwise AS w
QUALIFY row_number() OVER (
    PARTITION BY w.transaction_id, w.feature
    ORDER BY
        w.is_enough DESC,
        CASE WHEN w.is_enough THEN w.distance ELSE w.then_margin END,
        w.then_margin,
        w.then_up_to
) = 1
ORDER BY w.transaction_id, w.is_enough DESC, w.then_margin, w.feature
