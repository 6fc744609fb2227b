-- All hits of the run: those of affected transactions as found now, all others as they stood, with
-- the version of the list that holds their entry now.
--
-- makes: made_hits
-- grain: hit_id
-- reads: was_hits, hits, affected, list_moves
SELECT w.* REPLACE (coalesce(v.version_now, w.list_version) AS list_version)
FROM was_hits AS w
ANTI JOIN affected AS a ON a.transaction_id = w.transaction_id
LEFT JOIN list_moves AS v ON v.list = w.list
UNION ALL BY NAME
SELECT h.*
FROM hits AS h
