-- The best good of a transaction, in numbers.
--
-- makes: feature_goods
-- grain: transaction_id
-- reads: goods_found
SELECT
    g.transaction_id,
    max(7 - list_position(['1', '2', '3.A', '3.B', '4.A', '4.B'], g.chpl_tier)) AS goods_rank,
    max(g.confidence) AS goods_confidence,
    bool_or(g.item_category IS NOT NULL) AS item_found
FROM goods_found AS g
GROUP BY g.transaction_id
