-- The distinct texts, names, addresses and identifiers in which signals are looked for.
--
-- makes: strings_to_read
-- grain: place, text
-- reads: texts, parties
SELECT DISTINCT
    s.place,
    s.text
FROM (
    SELECT
        'text' AS place,
        x.text
    FROM texts AS x
    UNION ALL
    SELECT
        'name',
        p.name
    FROM parties AS p
    UNION ALL
    SELECT
        'address',
        p.address
    FROM parties AS p
    UNION ALL
    SELECT
        'identifier',
        p.identifier
    FROM parties AS p
) AS s
WHERE s.text <> ''
