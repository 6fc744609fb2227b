-- Banks, by BIC on eight characters, of which the lists say something else than they did.
--
-- makes: changed_banks
-- grain: bic8
-- reads: changed_codes, changed_entries, list_identifiers, was_list_identifiers
SELECT c.value AS bic8
FROM changed_codes AS c
WHERE c.what = 'bic8'
UNION
SELECT left(i.value, 8)
FROM list_identifiers AS i
INNER JOIN changed_entries AS e ON e.entry_id = i.entry_id
WHERE i.kind = 'bic'
UNION
SELECT left(w.value, 8)
FROM was_list_identifiers AS w
INNER JOIN changed_entries AS e ON e.entry_id = w.entry_id
WHERE w.kind = 'bic'
