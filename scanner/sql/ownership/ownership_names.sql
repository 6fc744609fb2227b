-- Every name that has to be brought to a key before shares can be added up: those of the ownership
-- table, and, where there are shares at all, those of listed firms, of which an owner may be one.
--
-- makes: ownership_names
-- grain: name
-- reads: ownership, list_names, list_entries
SELECT owner_name AS name
FROM ownership
UNION
SELECT owned_name
FROM ownership
UNION
SELECT n.name
FROM list_names AS n
JOIN list_entries AS e ON e.entry_id = n.entry_id
WHERE e.measure = 'blocking'
    AND e.entry_type = 'entity'
    AND e.list LIKE 'OFAC%'
    AND n.quality IN ('primary', 'strong')
    AND EXISTS (FROM ownership)
ORDER BY name
