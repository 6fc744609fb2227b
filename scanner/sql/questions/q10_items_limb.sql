-- How much value touches the limb on items, by tier and month?
--
-- makes: items_limb
-- grain: month, chpl_tier
-- reads: goods_found, scores
SELECT
    date_trunc('month', s.value_date) AS month,
    g.chpl_tier,
    count(DISTINCT s.transaction_id) AS transactions,
    sum(s.amount_usd) AS value_usd
FROM scores AS s
JOIN (SELECT DISTINCT transaction_id, chpl_tier FROM goods_found) AS g USING (transaction_id)
WHERE s.limb_items <> 'none'
GROUP BY ALL
ORDER BY month, g.chpl_tier
