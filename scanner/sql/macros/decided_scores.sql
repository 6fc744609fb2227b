-- How the model's scores agree with what people decided: decided alerts by tenth of the model's own
-- score, with its mean and the share that was confirmed. Only alerts are decided, so the lower tenths
-- say little; sample below the line to learn more.
--
-- makes: decided_scores()
-- grain: score_from
-- reads: alerts, scores
SELECT
    floor(least(s.model_score, 0.999) * 10) / 10 AS score_from,
    count(*) AS decided,
    avg(s.model_score) AS predicted,
    avg(CAST(a.status = 'confirmed' AS INTEGER)) AS observed
FROM alerts AS a
JOIN scores AS s USING (transaction_id)
WHERE a.status IN ('confirmed', 'cleared') AND s.model_score IS NOT NULL
GROUP BY score_from
ORDER BY score_from
