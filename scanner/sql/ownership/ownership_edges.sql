-- Dated shares between nodes, made fit for adding up: shares in millionths of a percent (whole
-- numbers, so that three thirds of a half make it exactly), days as whole dates. Rows mean what they
-- say: rows of one source that are valid on the same day add up, a repeated row counts once. Where
-- several sources state a share of the same owner in the same firm, the largest counts. An owner's
-- name that several firms bear stands for each of them. A firm's shares in itself are left out.
--
-- makes: ownership_edges
-- grain: owner_id, owned_id, valid_from, valid_to
-- reads: ownership, ownership_keys, ownership_nodes, list_entries
WITH keyed AS (
    SELECT DISTINCT
        owner.node_id AS owner_id,
        owned.node_id AS owned_id,
        CAST(round(o.share_percent * 1000000) AS BIGINT) AS share,
        coalesce(o.valid_from, DATE '0001-01-01') AS valid_from,
        coalesce(o.valid_to, DATE '9999-12-30') AS valid_to,
        o.source
    FROM ownership AS o
    LEFT JOIN list_entries AS owner_listed ON owner_listed.entry_id = o.owner_entry
    LEFT JOIN list_entries AS owned_listed ON owned_listed.entry_id = o.owned_entry
    JOIN ownership_keys AS owner_name ON owner_name.name = o.owner_name
    JOIN ownership_keys AS owned_name ON owned_name.name = o.owned_name
    JOIN ownership_nodes AS owner
        ON owner.name_key = owner_name.name_key
        AND (
            o.owner_entry IS NULL
            OR owner.entry_id = coalesce(owner_listed.subject_id, o.owner_entry)
        )
    JOIN ownership_nodes AS owned
        ON owned.name_key = owned_name.name_key
        AND (o.owned_country IS NULL OR owned.country IS NOT DISTINCT FROM o.owned_country)
        AND (
            o.owned_entry IS NULL
            OR owned.entry_id = coalesce(owned_listed.subject_id, o.owned_entry)
        )
        AND owned.is_owned
    WHERE owner.node_id <> owned.node_id
),
several_sources AS (
    SELECT owner_id, owned_id
    FROM keyed
    GROUP BY ALL
    HAVING count(DISTINCT source) > 1
),
bounds AS (
    SELECT k.owner_id, k.owned_id, unnest([k.valid_from, k.valid_to + 1]) AS day
    FROM keyed AS k
    JOIN several_sources AS s ON s.owner_id = k.owner_id AND s.owned_id = k.owned_id
),
pieces AS (
    SELECT
        owner_id,
        owned_id,
        day AS valid_from,
        lead(day) OVER (PARTITION BY owner_id, owned_id ORDER BY day) - 1 AS valid_to
    FROM (SELECT DISTINCT owner_id, owned_id, day FROM bounds)
),
per_source AS (
    SELECT p.owner_id, p.owned_id, p.valid_from, p.valid_to, k.source, sum(k.share) AS share
    FROM pieces AS p
    JOIN keyed AS k
        ON k.owner_id = p.owner_id AND k.owned_id = p.owned_id
        AND k.valid_from <= p.valid_from AND k.valid_to >= p.valid_to
    GROUP BY ALL
)
SELECT owner_id, owned_id, share, valid_from, valid_to, [source] AS sources
FROM keyed
ANTI JOIN several_sources USING (owner_id, owned_id)
UNION ALL
SELECT
    owner_id,
    owned_id,
    CAST(max(share) AS BIGINT) AS share,
    valid_from,
    valid_to,
    list(source ORDER BY source) AS sources
FROM per_source
GROUP BY owner_id, owned_id, valid_from, valid_to
