-- Firms that blocked persons own, by stretches of days: how much, through how many layers, by whom.
-- effective_percent is the share that counts under OFAC's 50 Percent Rule: the shares of all owners
-- that are blocked themselves, listed or by the rule, each with its whole share (see next_spans).
-- A firm is here on the days on which it is owned to 40 percent or more, on which it was so before
-- a sale took it below 50, or on which a blocked owner holds a share that no source gives.
-- is_blocked: 50 percent or more. just_below_50: from 40 to under 50 percent; OFAC urges caution with
-- significant shares under the mark (FAQ 398) and names sales just before or after a listing as a
-- red flag (sham transactions guidance, 2026-03-31). changed_after_designation: a share fell from 50
-- percent or more to less on or after the day on which an owner was listed; NULL = day not known.
-- eo14024_percent: the part of effective_percent whose chain leads to a person blocked under E.O.
-- 14024. A listed firm of which a list says only that another owns it is left to its own listing.
--
-- makes: effective_ownership
-- grain: owned_key, owned_name, valid_from
-- reads: ownership_edges, ownership_nodes, ownership_chains
WITH held AS (
    SELECT
        e.owned_id,
        e.owner_id,
        e.share,
        e.sources,
        c.layers,
        c.root_entry,
        c.root_listed_on,
        c.is_root_eo14024,
        c.links,
        greatest(e.valid_from, c.valid_from) AS valid_from,
        least(e.valid_to, c.valid_to) AS valid_to
    FROM ownership_edges AS e
    JOIN ownership_chains AS c
        ON c.node_id = e.owner_id
        AND c.valid_from <= e.valid_to AND c.valid_to >= e.valid_from
),
days AS (
    SELECT owned_id, day, sum(share) AS share, sum(listed_share) AS listed_share
    FROM (
        SELECT
            owned_id,
            valid_from AS day,
            coalesce(share, 0) AS share,
            CASE WHEN layers = 0 THEN coalesce(share, 0) ELSE 0 END AS listed_share
        FROM held
        UNION ALL
        SELECT
            owned_id,
            valid_to + 1,
            -coalesce(share, 0),
            CASE WHEN layers = 0 THEN -coalesce(share, 0) ELSE 0 END
        FROM held
    )
    GROUP BY owned_id, day
),
segments AS (
    SELECT
        owned_id,
        day AS valid_from,
        lead(day) OVER by_day - 1 AS valid_to,
        CAST(sum(share) OVER by_day AS BIGINT) AS share,
        CAST(sum(listed_share) OVER by_day AS BIGINT) AS listed_share
    FROM days
    WINDOW by_day AS (PARTITION BY owned_id ORDER BY day)
),
steps AS (
    SELECT
        *,
        last_value(CASE WHEN share >= 50000000 THEN valid_from END IGNORE NULLS) OVER earlier
            AS blocked_from,
        last_value(CASE WHEN share >= 50000000 THEN valid_to END IGNORE NULLS) OVER earlier + 1
            AS sold_on
    FROM segments
    WINDOW earlier AS (
        PARTITION BY owned_id ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
node_names AS (
    SELECT node_id, min(name) AS name, min(entry_id) AS entry_id
    FROM ownership_nodes
    GROUP BY node_id
),
owners_of AS (
    SELECT
        s.owned_id,
        s.valid_from,
        list(DISTINCT h.root_entry ORDER BY h.root_entry) AS owners,
        count(*) FILTER (h.share IS NULL) AS unknown_shares,
        sum(h.share) FILTER (h.is_root_eo14024) AS eo14024_share,
        min(h.root_listed_on) AS first_listed_on,
        bool_or(h.root_listed_on IS NULL) AS is_listing_unknown,
        list(
            {
                'owner': n.name,
                'entry': n.entry_id,
                'share_percent': CAST(h.share / 1000000 AS DOUBLE),
                'blocked_by': CASE WHEN h.layers = 0 THEN 'list' ELSE 'ownership' END,
                'sources': h.sources
            }
            ORDER BY h.share DESC NULLS LAST, h.owner_id
        )[1:20] AS holders,
        arg_min(h.owner_id, (-coalesce(h.share, 0), h.layers, h.owner_id)) AS largest_owner
    FROM steps AS s
    JOIN held AS h
        ON h.owned_id = s.owned_id AND h.valid_from <= s.valid_from
        AND h.valid_to >= coalesce(s.valid_to, s.valid_from)
    JOIN node_names AS n ON n.node_id = h.owner_id
    GROUP BY s.owned_id, s.valid_from
),
led AS (
    -- A blocked firm has its own chain; below 50 percent the chain is that of the largest owner.
    SELECT
        s.*,
        o.owners,
        o.unknown_shares,
        o.eo14024_share,
        o.holders,
        before.owners AS owners_before,
        before.first_listed_on,
        before.is_listing_unknown,
        coalesce(c.layers, h.layers + 1) AS layers,
        CASE
            WHEN c.links IS NOT NULL THEN c.links
            WHEN h.links IS NOT NULL THEN list_append(
                h.links,
                {
                    'holder': holder.name,
                    'entry': holder.entry_id,
                    'share_percent': CAST(h.share / 1000000 AS DOUBLE),
                    'firm': firm.name
                }
            )
        END AS links
    FROM steps AS s
    LEFT JOIN owners_of AS o ON o.owned_id = s.owned_id AND o.valid_from = s.valid_from
    LEFT JOIN owners_of AS before
        ON before.owned_id = s.owned_id AND before.valid_from = s.blocked_from
    LEFT JOIN ownership_chains AS c
        ON c.node_id = s.owned_id AND c.layers > 0
        AND s.valid_from BETWEEN c.valid_from AND c.valid_to
    LEFT JOIN held AS h
        ON h.owned_id = s.owned_id AND h.owner_id = o.largest_owner
        AND s.valid_from BETWEEN h.valid_from AND h.valid_to
    LEFT JOIN node_names AS holder ON holder.node_id = h.owner_id
    LEFT JOIN node_names AS firm ON firm.node_id = s.owned_id
    QUALIFY row_number() OVER (
        PARTITION BY s.owned_id, s.valid_from ORDER BY h.layers, h.valid_from
    ) = 1
),
judged AS (
    SELECT
        *,
        share >= 50000000 AS is_blocked,
        share >= 40000000 AND share < 50000000 AS just_below_50,
        CASE
            WHEN share >= 50000000 OR blocked_from IS NULL THEN FALSE
            WHEN first_listed_on <= sold_on THEN TRUE
            WHEN is_listing_unknown THEN NULL
            ELSE FALSE
        END AS changed_after_designation
    FROM led
)
SELECT
    n.node_key AS owned_key,
    n.name AS owned_name,
    n.country AS owned_country,
    n.entry_id AS owned_entry,
    CASE WHEN j.valid_from > DATE '0001-01-01' THEN j.valid_from END AS valid_from,
    CASE WHEN j.valid_to < DATE '9999-12-30' THEN j.valid_to END AS valid_to,
    CAST(least(j.listed_share, 100000000) / 1000000 AS DOUBLE) AS direct_percent,
    CAST(least(j.share, 100000000) / 1000000 AS DOUBLE) AS effective_percent,
    CAST(least(coalesce(j.eo14024_share, 0), 100000000) / 1000000 AS DOUBLE) AS eo14024_percent,
    CAST(j.layers AS INTEGER) AS layers,
    coalesce(j.owners, j.owners_before) AS owners,
    CAST(to_json({
        'rule': 'OFAC 50 Percent Rule, guidance of 2014-08-13',
        'holders': coalesce(j.holders, []),
        'chain': coalesce(j.links, []),
        'sold_on': CASE WHEN j.share < 50000000 THEN j.sold_on END
    }) AS VARCHAR) AS path,
    j.is_blocked,
    j.just_below_50,
    j.changed_after_designation,
    coalesce(j.unknown_shares, 0) > 0 AS has_unknown_share
FROM judged AS j
JOIN ownership_nodes AS n ON n.node_id = j.owned_id AND n.is_owned
WHERE (j.valid_to IS NULL OR j.valid_to >= j.valid_from)
    AND (
        j.share >= 40000000
        OR j.changed_after_designation IS DISTINCT FROM FALSE
        OR (j.unknown_shares > 0 AND n.entry_id IS NULL)
    )
    -- The stretch after the last day of all is no stretch.
    AND j.valid_from < DATE '9999-12-31'
QUALIFY row_number() OVER (
    PARTITION BY n.node_key, n.name, j.valid_from ORDER BY n.country NULLS LAST
) = 1
ORDER BY n.node_key, n.name, j.valid_from
