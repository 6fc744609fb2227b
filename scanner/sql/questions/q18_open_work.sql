-- How much work is open, and how old is it?
--
-- makes: open_work
-- grain: band, status
-- reads: alerts
SELECT
    band,
    status,
    count(*) AS alerts,
    sum(amount_usd) AS value_usd,
    min(value_date) AS oldest_payment,
    count(*) FILTER (obligation) AS by_hard_rule
FROM alerts
GROUP BY band, status
ORDER BY band, status
