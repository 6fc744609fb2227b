-- Priority goods that the texts of each transaction name.
--
-- makes: goods_found
-- grain: transaction_id, field_path, span
-- reads: texts, goods_read
SELECT
    x.transaction_id,
    g.text_kind,
    x.field_path,
    g.matched_text,
    g.span,
    g.hs6,
    g.chpl_tier,
    g.item_category,
    g.found_by,
    g.confidence,
    g.because
FROM texts AS x
INNER JOIN goods_read AS g ON g.text = x.text AND g.text_kind = x.kind
ORDER BY x.transaction_id, x.field_path, g.span, g.found_by
