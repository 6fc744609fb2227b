-- One round of OFAC's 50 Percent Rule: the days on which a firm becomes blocked because persons
-- blocked in earlier rounds own at least 50 percent of it together. A firm that is itself blocked by
-- the rule counts with its whole share in the next round; one below 50 percent does not count.
-- Source: OFAC, "Revised Guidance on Entities Owned by Persons Whose Property and Interests in
-- Property Are Blocked" (2014-08-13), and FAQs 398 to 402 (401 for indirect ownership).
-- Only firms with an owner that was blocked in the last round are looked at. Starting from listed
-- persons only, firms that own each other in a circle are never blocked by each other alone.
--
-- makes: next_spans
-- grain: node_id, valid_from
-- reads: ownership_edges, blocked_spans
WITH newest AS (
    SELECT max(round) AS round FROM blocked_spans
),
touched AS (
    SELECT DISTINCT e.owned_id AS node_id
    FROM blocked_spans AS b
    JOIN newest ON newest.round = b.round
    JOIN ownership_edges AS e ON e.owner_id = b.node_id
),
held AS (
    SELECT
        e.owned_id AS node_id,
        e.share,
        greatest(e.valid_from, b.valid_from) AS valid_from,
        least(e.valid_to, b.valid_to) AS valid_to
    FROM touched AS t
    JOIN ownership_edges AS e ON e.owned_id = t.node_id
    JOIN blocked_spans AS b
        ON b.node_id = e.owner_id
        AND b.valid_from <= e.valid_to AND b.valid_to >= e.valid_from
    WHERE e.share > 0
),
events AS (
    SELECT node_id, valid_from AS day, share, 0 AS known FROM held
    UNION ALL
    SELECT node_id, valid_to + 1, -share, 0 FROM held
    UNION ALL
    SELECT b.node_id, b.valid_from, 0, 1
    FROM touched AS t
    JOIN blocked_spans AS b ON b.node_id = t.node_id
    UNION ALL
    SELECT b.node_id, b.valid_to + 1, 0, -1
    FROM touched AS t
    JOIN blocked_spans AS b ON b.node_id = t.node_id
),
days AS (
    SELECT node_id, day, sum(share) AS share, sum(known) AS known
    FROM events
    GROUP BY node_id, day
    HAVING sum(share) <> 0 OR sum(known) <> 0
),
segments AS (
    SELECT
        node_id,
        day AS valid_from,
        lead(day) OVER by_day - 1 AS valid_to,
        sum(share) OVER by_day AS share,
        sum(known) OVER by_day AS known
    FROM days
    WINDOW by_day AS (PARTITION BY node_id ORDER BY day)
)
SELECT
    s.node_id,
    s.valid_from,
    s.valid_to,
    newest.round + 1 AS round
FROM segments AS s
CROSS JOIN newest
WHERE s.share >= 50000000 AND s.known = 0
