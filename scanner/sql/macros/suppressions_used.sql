-- Good-guy rules that covered a hit: the rule with its owner, reason and expiry, and how many
-- hits it covered.
--
-- makes: suppressions_used()
-- grain: suppression, entry_id
-- reads: hits
SELECT
    h.suppression,
    h.entry_id,
    any_value(h.entry_name) AS entry_name,
    count(*) AS hits,
    count(DISTINCT h.transaction_id) AS transactions
FROM hits AS h
WHERE h.is_suppressed
GROUP BY h.suppression, h.entry_id
ORDER BY hits DESC, h.suppression, h.entry_id
