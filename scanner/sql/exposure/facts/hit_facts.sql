-- Every standing hit with what its list entry means under E.O. 14024, and whether it is strong
-- enough to oblige. Hits that a valid good-guy rule covers are left out.
--
-- makes: hit_facts
-- grain: hit_id
-- reads: hits, list_entries, parties, transactions, run
--
-- An owned firm has no list entry of its own; what the 50 Percent Rule says of it
-- is in owned_party_facts. In CONS files the program alone means the menu-based
-- list, which blocks nothing; the reader of the list has already told them apart.
WITH agents AS (
    SELECT
        p.transaction_id,
        p.role,
        bool_or(p.is_agent) AS is_agent
    FROM parties AS p
    GROUP BY p.transaction_id, p.role
)

SELECT
    h.hit_id,
    h.transaction_id,
    h.role,
    h.text_kind,
    h.field_path,
    h.matched_text,
    h.list,
    h.list_version,
    h.entry_id,
    coalesce(h.entry_name, h.matched_name) AS entry_name,
    h.match_kind,
    h.score,
    h.because,
    h.listed_on,
    t.value_date,
    coalesce(h.known_on_payment_date, TRUE) AS is_known_on_payment_date,
    e.entry_type,
    coalesce(e.measure, 'other') AS measure,
    coalesce(e.eo14024_blocked, FALSE) AS eo14024_blocked,
    coalesce(e.section_11_remark, FALSE) AS section_11_remark,
    e.designation_basis,
    coalesce(e.delisted_on <= t.value_date, FALSE) AS is_delisted,
    coalesce(a.is_agent, FALSE) AS is_agent,
    h.score >= r.obligation_threshold AS is_strong
FROM hits AS h
INNER JOIN transactions AS t ON t.transaction_id = h.transaction_id
CROSS JOIN run AS r
LEFT JOIN list_entries AS e ON e.entry_id = h.entry_id
LEFT JOIN agents AS a ON a.transaction_id = h.transaction_id AND a.role = h.role
WHERE NOT coalesce(h.is_suppressed, FALSE)
