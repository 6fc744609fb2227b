-- All days on which each node is known to be blocked, with those that the last round has added.
--
-- makes: blocked_spans
-- grain: node_id, valid_from
-- reads: blocked_spans, next_spans
SELECT node_id, valid_from, valid_to, round
FROM blocked_spans
UNION ALL
SELECT node_id, valid_from, valid_to, round
FROM next_spans
