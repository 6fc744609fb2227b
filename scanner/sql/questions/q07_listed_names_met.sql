-- Which list entries were met most, by which names?
--
-- makes: listed_names_met
-- grain: entry_id, matched_name
-- reads: hits
SELECT
    entry_id,
    any_value(entry_name) AS entry_name,
    matched_name,
    count(DISTINCT transaction_id) AS transactions,
    max(score) AS best
FROM hits
WHERE is_suppressed IS DISTINCT FROM true
GROUP BY entry_id, matched_name
ORDER BY transactions DESC, entry_id, matched_name
LIMIT 50
