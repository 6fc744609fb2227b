-- The priority goods of a transaction in one row: worst tier, item category, all that was found.
--
-- makes: goods_facts
-- grain: transaction_id
-- reads: goods_found
WITH ranked AS (
    SELECT
        g.*,
        list_position(['1', '2', '3.A', '3.B', '4.A', '4.B'], g.chpl_tier) AS tier_rank
    FROM goods_found AS g
)

SELECT
    r.transaction_id,
    arg_min(r.chpl_tier, r.tier_rank) AS chpl_tier,
    min(r.tier_rank) AS tier_rank,
    min(r.item_category) AS item_category,
    max(r.confidence) AS confidence,
    max(r.confidence) FILTER (r.item_category IS NOT NULL) AS item_confidence,
    to_json(
        list(
            {
                'matched_text': r.matched_text,
                'field': r.field_path,
                'hs6': r.hs6,
                'chpl_tier': r.chpl_tier,
                'item_category': r.item_category,
                'found_by': r.found_by,
                'because': r.because
            }
            ORDER BY r.tier_rank NULLS LAST, r.field_path, r.span[1]
        )[1:10]
    ) AS goods
FROM ranked AS r
GROUP BY r.transaction_id
