-- The Russia nexus of a transaction in one row: how strong, where, and by which signals.
--
-- makes: nexus_summary
-- grain: transaction_id
-- reads: nexus_facts
SELECT
    n.transaction_id,
    max(n.weight) AS weight,
    coalesce(max(n.weight) FILTER (n.role IS NOT NULL), 0) AS party_weight,
    bool_or(n.place = 'UA-occupied') AS is_occupied_territory,
    list_sort(list(DISTINCT n.place)) AS places,
    to_json(
        list(
            {'signal': n.signal, 'role': n.role, 'place': n.place, 'value': n.value}
            ORDER BY n.weight DESC, n.signal, n.role NULLS LAST, n.value
        )[1:10]
    ) AS signals
FROM nexus_facts AS n
GROUP BY n.transaction_id
