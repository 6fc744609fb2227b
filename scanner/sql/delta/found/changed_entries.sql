-- Entries that came or went, or of which the lists say something else than they did.
--
-- makes: changed_entries
-- grain: entry_id
-- reads: list_entries, was_list_entries
--
-- Which versions hold an entry changes with every version and touches no finding.
SELECT DISTINCT c.entry_id
FROM (
    (
        SELECT n.* EXCLUDE (first_version, last_version)
        FROM list_entries AS n
        EXCEPT
        SELECT w.* EXCLUDE (first_version, last_version)
        FROM was_list_entries AS w
    )
    UNION ALL
    (
        SELECT w.* EXCLUDE (first_version, last_version)
        FROM was_list_entries AS w
        EXCEPT
        SELECT n.* EXCLUDE (first_version, last_version)
        FROM list_entries AS n
    )
) AS c
