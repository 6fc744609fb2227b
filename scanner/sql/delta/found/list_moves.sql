-- The version of each list that hits name, then and now.
--
-- makes: list_moves
-- grain: list
-- reads: list_versions, was_list_versions
SELECT
    n.list,
    max(w.version) AS version_then,
    max(n.version) AS version_now
FROM list_versions AS n
INNER JOIN was_list_versions AS w ON w.list = n.list
GROUP BY n.list
