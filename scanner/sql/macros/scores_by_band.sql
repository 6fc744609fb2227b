-- Transactions by band: how many, their value, how many touch each limb of section 11, and how many
-- a licence or exemption may cover. Bands stand in the order of urgency.
--
-- makes: scores_by_band()
-- grain: band
-- reads: scores
SELECT
    s.band,
    count(*) AS transactions,
    sum(s.amount_usd) AS amount_usd,
    count(*) FILTER (s.limb_persons <> 'none') AS persons,
    count(*) FILTER (s.limb_items <> 'none') AS items,
    count(*) FILTER (s.exception IS NOT NULL) AS exceptions
FROM scores AS s
GROUP BY s.band
ORDER BY list_position(['escalate', 'review', 'cannot_score', 'clear'], s.band), s.band
