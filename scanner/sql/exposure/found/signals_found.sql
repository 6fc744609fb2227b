-- Places, routes, instructions and exempt trades that texts and parties of each transaction show.
--
-- makes: signals_found
-- grain: transaction_id, place, role, text_kind, field_path, signal, value, matched_text
-- reads: texts, parties, signals_read
SELECT
    s.transaction_id,
    r.place,
    s.role,
    s.text_kind,
    s.field_path,
    r.signal,
    r.value,
    r.matched_text,
    r.is_disguised
FROM (
    SELECT
        x.transaction_id,
        'text' AS place,
        NULL::VARCHAR AS role,
        x.kind AS text_kind,
        x.field_path,
        x.text
    FROM texts AS x
    UNION ALL
    SELECT
        p.transaction_id,
        unnest(['name', 'address', 'identifier']),
        p.role,
        NULL,
        p.field_path,
        unnest([p.name, p.address, p.identifier])
    FROM parties AS p
) AS s
INNER JOIN signals_read AS r ON r.text = s.text AND r.place = s.place
ORDER BY s.transaction_id, s.field_path, r.place, r.ordinal
