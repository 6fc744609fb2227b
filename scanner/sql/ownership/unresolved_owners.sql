-- Entries that the ownership table names as owners and that no loaded list holds.
--
-- makes: unresolved_owners
-- grain: owner_entry
-- reads: ownership, list_entries
SELECT DISTINCT o.owner_entry
FROM ownership AS o
ANTI JOIN list_entries AS e ON e.entry_id = o.owner_entry
WHERE o.owner_entry IS NOT NULL
ORDER BY o.owner_entry
