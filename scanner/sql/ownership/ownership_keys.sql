-- The key of each name: its own words in Latin letters, and the class of its legal form, so that OOO
-- and Limited Liability Company are one. A name without legal form is the only firm of its words in
-- the ownership table, if there is only one form of it there.
--
-- makes: ownership_keys
-- grain: name
-- reads: ownership, ownership_name_parts
WITH used AS (
    SELECT owner_name AS name FROM ownership
    UNION
    SELECT owned_name FROM ownership
),
forms_of AS (
    SELECT p.words, min(p.forms) AS only_form
    FROM used AS u
    JOIN ownership_name_parts AS p ON p.name = u.name
    WHERE p.forms <> ''
    GROUP BY p.words
    HAVING count(DISTINCT p.forms) = 1
)
SELECT
    p.name,
    p.words || CASE
        WHEN p.forms <> '' THEN ' (' || p.forms || ')'
        WHEN f.only_form IS NOT NULL THEN ' (' || f.only_form || ')'
        ELSE ''
    END AS name_key
FROM ownership_name_parts AS p
LEFT JOIN forms_of AS f ON f.words = p.words
