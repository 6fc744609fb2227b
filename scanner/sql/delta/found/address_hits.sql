-- Hits by address as they stood, with the version of the list that holds their entry now.
--
-- makes: address_hits
-- grain: hit_id
-- reads: was_hits, list_moves
SELECT w.* REPLACE (coalesce(v.version_now, w.list_version) AS list_version)
FROM was_hits AS w
LEFT JOIN list_moves AS v ON v.list = w.list
WHERE w.match_kind = 'address'
