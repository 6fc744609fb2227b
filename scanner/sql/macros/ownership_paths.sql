-- Who owns the firms of these names, up the chain: one row per path to an owner that is listed,
-- with the shares along it. Names are compared without case, spaces and punctuation. A path's share
-- is the product of its shares; the 50 percent rule sums all listed owners, so read the rows of
-- one firm together. NULL = the source gives no share.
--
-- makes: ownership_paths(names)
-- grain: firm, path
-- reads: ownership, list_entries
WITH RECURSIVE shares AS (
    SELECT
        o.owner_name,
        o.owner_entry,
        o.owned_name,
        o.share_percent,
        o.source,
        o.valid_from,
        o.valid_to,
        regexp_replace(upper(o.owner_name), '[^\p{L}\p{N}]', '', 'g') AS owner_key,
        regexp_replace(upper(o.owned_name), '[^\p{L}\p{N}]', '', 'g') AS owned_key
    FROM ownership AS o
),
asked AS (
    SELECT DISTINCT
        n.name AS firm,
        regexp_replace(upper(n.name), '[^\p{L}\p{N}]', '', 'g') AS firm_key
    FROM (SELECT unnest(CAST(names AS VARCHAR[])) AS name) AS n
),
walk AS (
    SELECT
        a.firm,
        s.owner_key,
        s.owner_name,
        s.owner_entry,
        s.share_percent,
        1 AS depth,
        [s.owned_name, s.owner_name] AS path,
        [s.owned_key, s.owner_key] AS seen,
        [s.source] AS sources,
        [s.share_percent] AS shares
    FROM asked AS a
    JOIN shares AS s ON s.owned_key = a.firm_key
    UNION ALL
    SELECT
        w.firm,
        s.owner_key,
        s.owner_name,
        s.owner_entry,
        w.share_percent * s.share_percent / 100,
        w.depth + 1,
        list_append(w.path, s.owner_name),
        list_append(w.seen, s.owner_key),
        list_append(w.sources, s.source),
        list_append(w.shares, s.share_percent)
    FROM walk AS w
    JOIN shares AS s ON s.owned_key = w.owner_key
    WHERE w.depth < 8 AND NOT list_contains(w.seen, s.owner_key)
)
SELECT
    w.firm,
    w.owner_name AS listed_owner,
    w.owner_entry,
    e.programs,
    w.share_percent,
    w.depth,
    w.path,
    w.shares,
    w.sources
FROM walk AS w
LEFT JOIN list_entries AS e ON e.entry_id = w.owner_entry
WHERE w.owner_entry IS NOT NULL
ORDER BY w.firm, w.depth, w.share_percent DESC, w.owner_entry, w.path
