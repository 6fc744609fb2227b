-- The model's score of every payment, computed here from the tables features, models and
-- model_steps alone: an auditor can check with it that scores are what the model says.
--
-- makes: scores_by_sql()
-- grain: transaction_id
-- reads: scores, features, models, model_steps
WITH long AS (
    FROM features UNPIVOT INCLUDE NULLS (value FOR feature IN (COLUMNS(* EXCLUDE (transaction_id))))
),

added AS (
    SELECT
        s.transaction_id,
        s.model_version,
        sum(m.contribution) AS contributions
    FROM scores AS s
    JOIN long AS l ON l.transaction_id = s.transaction_id
    JOIN model_steps AS m
        ON m.model_version = s.model_version
        AND m.feature = l.feature
        AND CASE
            WHEN l.value IS NULL OR isnan(l.value) THEN m.step = 0
            ELSE m.step > 0
                AND (m.above IS NULL OR l.value > m.above)
                AND (m.up_to IS NULL OR l.value <= m.up_to)
        END
    GROUP BY s.transaction_id, s.model_version
)

SELECT
    a.transaction_id,
    a.model_version,
    o.start_log_odds + a.contributions AS margin,
    1 / (1 + exp(-(o.start_log_odds + a.contributions))) AS model_score
FROM added AS a
JOIN models AS o ON o.model_version = a.model_version
ORDER BY a.transaction_id
