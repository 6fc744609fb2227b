-- Where the search for blocked firms starts: the owners that are blocked because they are listed, on
-- every day (today's knowledge; when each was listed is kept with the entry). Only blocking lists of
-- OFAC count: menu-based, sectoral and foreign listings do not block under US law. An owner that is
-- known by another list's entry counts where its subject is also on such a list.
--
-- makes: blocked_spans
-- grain: node_id, valid_from
-- reads: ownership_nodes, list_entries
SELECT DISTINCT
    n.node_id,
    DATE '0001-01-01' AS valid_from,
    DATE '9999-12-30' AS valid_to,
    0 AS round
FROM ownership_nodes AS n
JOIN list_entries AS e ON coalesce(e.subject_id, e.entry_id) = n.entry_id
WHERE e.measure = 'blocking'
    AND (e.list LIKE 'OFAC%' OR e.list = 'US-CSL' OR e.eo14024_blocked)
