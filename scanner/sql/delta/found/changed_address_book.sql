-- Entries for whose sake the addresses of the run have to be looked up again.
--
-- makes: changed_address_book
-- grain: entry_id
-- reads: list_addresses, was_list_addresses, list_entries, was_list_entries, changed_entries, was_hits
--
-- How much an address weighs hangs on the others that are listed, so that any change asks for all.
WITH address_entries AS (
    SELECT n.entry_id
    FROM list_entries AS n
    WHERE n.entry_type = 'address'
    UNION
    SELECT w.entry_id
    FROM was_list_entries AS w
    WHERE w.entry_type = 'address'
    UNION
    SELECT h.entry_id
    FROM was_hits AS h
    WHERE h.match_kind = 'address'
)

SELECT a.entry_id
FROM (
    (
        SELECT n.*
        FROM list_addresses AS n
        EXCEPT
        SELECT w.*
        FROM was_list_addresses AS w
    )
    UNION ALL
    (
        SELECT w.*
        FROM was_list_addresses AS w
        EXCEPT
        SELECT n.*
        FROM list_addresses AS n
    )
) AS a
UNION
SELECT e.entry_id
FROM address_entries AS e
INNER JOIN changed_entries AS c ON c.entry_id = e.entry_id
