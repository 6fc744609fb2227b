-- The model's calibrated score at a margin (log-odds), read from the scored payment with the
-- nearest margin: calibration never falls as the margin rises.
--
-- makes: score_at(wanted_margin)
-- grain: margin
-- reads: scores
SELECT s.margin, s.model_score
FROM scores AS s
WHERE s.margin IS NOT NULL AND s.model_score IS NOT NULL
ORDER BY abs(s.margin - wanted_margin), s.margin
LIMIT 1
