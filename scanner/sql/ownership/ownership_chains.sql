-- For each stretch of days on which a node is blocked, one chain of owners that leads to a listed
-- person: at every step the owner with the largest share among those blocked in an earlier round,
-- so that a chain never turns in a circle. Of a chain longer than 40 links the nearest are kept.
--
-- makes: ownership_chains
-- grain: node_id, valid_from
-- reads: ownership_edges, ownership_nodes, blocked_spans, list_entries
WITH RECURSIVE named AS (
    SELECT
        node_id,
        min(entry_id) AS entry_id,
        min(name) AS name
    FROM ownership_nodes
    GROUP BY node_id
),
parents AS (
    SELECT
        s.node_id,
        s.valid_from,
        s.valid_to,
        b.node_id AS parent_id,
        b.valid_from AS parent_from,
        e.share
    FROM blocked_spans AS s
    JOIN ownership_edges AS e
        ON e.owned_id = s.node_id AND s.valid_from BETWEEN e.valid_from AND e.valid_to
    JOIN blocked_spans AS b
        ON b.node_id = e.owner_id
        AND s.valid_from BETWEEN b.valid_from AND b.valid_to AND b.round < s.round
    WHERE e.share > 0
    QUALIFY row_number() OVER (
        PARTITION BY s.node_id, s.valid_from
        ORDER BY e.share DESC, b.round, b.node_id
    ) = 1
),
chains AS (
    SELECT
        s.node_id,
        s.valid_from,
        s.valid_to,
        n.entry_id AS root_entry,
        0 AS layers,
        CAST([] AS STRUCT(holder VARCHAR, entry VARCHAR, share_percent DOUBLE, firm VARCHAR)[])
            AS links
    FROM blocked_spans AS s
    JOIN named AS n ON n.node_id = s.node_id
    WHERE s.round = 0
    UNION ALL
    SELECT
        p.node_id,
        p.valid_from,
        p.valid_to,
        c.root_entry,
        c.layers + 1,
        list_append(
            list_slice(c.links, greatest(1, len(c.links) - 38), len(c.links)),
            {
                'holder': holder.name,
                'entry': holder.entry_id,
                'share_percent': CAST(p.share / 1000000 AS DOUBLE),
                'firm': firm.name
            }
        )
    FROM chains AS c
    JOIN parents AS p ON p.parent_id = c.node_id AND p.parent_from = c.valid_from
    JOIN named AS holder ON holder.node_id = p.parent_id
    JOIN named AS firm ON firm.node_id = p.node_id
)
SELECT
    c.node_id,
    c.valid_from,
    c.valid_to,
    c.root_entry,
    e.listed_on AS root_listed_on,
    coalesce(e.eo14024_blocked, FALSE) AS is_root_eo14024,
    c.layers,
    c.links
FROM chains AS c
LEFT JOIN list_entries AS e ON e.entry_id = c.root_entry
