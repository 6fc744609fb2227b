-- How scores spread: transactions by tenth of the score, with those that a hard rule decides
-- apart.
--
-- makes: score_distribution()
-- grain: score_from
-- reads: scores
SELECT
    floor(least(s.score, 0.999) * 10) / 10 AS score_from,
    count(*) AS transactions,
    count(*) FILTER (s.obligation) AS obligations,
    count(*) FILTER (s.band IN ('review', 'escalate')) AS alerted,
    sum(s.amount_usd) AS value_usd
FROM scores AS s
GROUP BY score_from
ORDER BY score_from DESC NULLS LAST
