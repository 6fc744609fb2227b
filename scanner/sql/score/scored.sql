-- Model and obligations together: the score, the band and what obliges.
--
-- makes: scored
-- grain: transaction_id
-- reads: transactions, model_scores, obligations, parties, thresholds
--
-- An obligation sets a floor that the model cannot go under. A transfer that names
-- nobody cannot be scored: a person must look at it.
WITH obliged AS (
    SELECT
        o.transaction_id,
        list(DISTINCT o.code ORDER BY o.code) AS codes,
        bool_or(o.band_floor = 'escalate') AS must_escalate
    FROM obligations AS o
    GROUP BY o.transaction_id
),

named AS (
    SELECT DISTINCT p.transaction_id
    FROM parties AS p
    WHERE p.name IS NOT NULL OR p.bic IS NOT NULL OR p.account IS NOT NULL
)

SELECT
    t.transaction_id,
    m.model_score,
    m.margin,
    o.transaction_id IS NOT NULL AS obligation,
    coalesce(o.codes, []) AS obligation_codes,
    CASE
        WHEN o.must_escalate THEN greatest(m.model_score, h.escalate_at)
        WHEN o.transaction_id IS NOT NULL THEN greatest(m.model_score, h.review_at)
        WHEN t.is_counted AND n.transaction_id IS NULL THEN NULL
        ELSE m.model_score
    END AS score,
    CASE
        WHEN o.must_escalate THEN 'escalate'
        WHEN o.transaction_id IS NOT NULL
            THEN CASE WHEN m.model_score >= h.escalate_at THEN 'escalate' ELSE 'review' END
        WHEN t.is_counted AND n.transaction_id IS NULL THEN 'cannot_score'
        WHEN m.model_score >= h.escalate_at THEN 'escalate'
        WHEN m.model_score >= h.review_at THEN 'review'
        ELSE 'clear'
    END AS band
FROM transactions AS t
INNER JOIN model_scores AS m ON m.transaction_id = t.transaction_id
CROSS JOIN thresholds AS h
LEFT JOIN obliged AS o ON o.transaction_id = t.transaction_id
LEFT JOIN named AS n ON n.transaction_id = t.transaction_id
