-- Who the names in the ownership table are: one row per name and country, with the number under which
-- its shares are added up. A listed owner is its subject (one for all its entries on all lists, named
-- after the first of them), so that two sources that know an owner by two lists do not count it twice;
-- everyone else is the key of the name with the country, where the source gives one. A name that
-- stands with an entry in one row means that entry in every row. A firm whose name has the key of one
-- blocked entity's name is that entity. Persons are never joined by name alone: namesakes abound.
--
-- makes: ownership_nodes
-- grain: name_key, country
-- reads: ownership, ownership_keys, list_entries, list_names
WITH stated AS (
    SELECT owner_name AS name, NULL AS country, owner_entry AS entry_id, FALSE AS is_owned
    FROM ownership
    UNION ALL
    SELECT owned_name, owned_country, owned_entry, TRUE
    FROM ownership
),
named AS (
    SELECT
        k.name_key,
        s.name,
        s.country,
        coalesce(e.subject_id, s.entry_id) AS entry_id,
        s.is_owned
    FROM stated AS s
    JOIN ownership_keys AS k ON k.name = s.name
    LEFT JOIN list_entries AS e ON e.entry_id = s.entry_id
),
per_name AS (
    SELECT
        name_key,
        CASE WHEN count(DISTINCT entry_id) = 1 THEN min(entry_id) END AS entry_id,
        count(DISTINCT country) AS countries,
        min(country) AS only_country
    FROM named
    GROUP BY name_key
),
listed_names AS (
    SELECT
        k.name_key,
        min(coalesce(e.subject_id, e.entry_id)) AS entry_id
    FROM list_names AS n
    JOIN ownership_keys AS k ON k.name = n.name
    JOIN list_entries AS e ON e.entry_id = n.entry_id
    WHERE e.measure = 'blocking' AND e.entry_type = 'entity' AND n.quality IN ('primary', 'strong')
        AND e.list LIKE 'OFAC%'
    GROUP BY ALL
    HAVING count(DISTINCT coalesce(e.subject_id, e.entry_id)) = 1
),
resolved AS (
    SELECT
        d.name_key,
        d.name,
        -- A row that gives no country means the only firm of that name, if there is only one.
        coalesce(d.country, CASE WHEN p.countries = 1 THEN p.only_country END) AS country,
        coalesce(d.entry_id, p.entry_id, l.entry_id) AS entry_id,
        d.is_owned
    FROM named AS d
    JOIN per_name AS p ON p.name_key = d.name_key
    LEFT JOIN listed_names AS l ON l.name_key = d.name_key
),
keyed AS (
    SELECT
        name_key,
        country,
        CASE
            WHEN entry_id IS NOT NULL THEN 'entry:' || entry_id
            ELSE name_key || '|' || coalesce(country, '')
        END AS node_key,
        entry_id,
        coalesce(min(name) FILTER (is_owned), min(name)) AS name,
        bool_or(is_owned) AS is_owned
    FROM resolved
    GROUP BY ALL
)
SELECT
    *,
    CAST(dense_rank() OVER (ORDER BY node_key) AS INTEGER) AS node_id
FROM keyed
ORDER BY node_key, name_key, country
