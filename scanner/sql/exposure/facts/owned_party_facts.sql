-- Parties that met a firm with blocked owners, with the share in force on the value date.
--
-- makes: owned_party_facts
-- grain: hit_id
-- reads: hit_facts, effective_ownership
--
-- OFAC 50 Percent Rule: 50 percent or more in aggregate, directly or indirectly, blocks
-- the firm, listed or not (FAQs 398-402). The chain stands in path. Whether the owners
-- blocked under E.O. 14024 hold that half by themselves is told apart: only then do the
-- limbs of section 11 look at the firm.
WITH owned AS (
    SELECT
        'OWNERSHIP:' || substr(md5(o.owned_key), 1, 16) AS entry_id,
        o.*
    FROM effective_ownership AS o
)

SELECT
    h.hit_id,
    any_value(h.transaction_id) AS transaction_id,
    any_value(h.role) AS role,
    any_value(h.field_path) AS field_path,
    any_value(h.matched_text) AS matched_text,
    any_value(h.score) AS score,
    any_value(h.is_strong) AS is_strong,
    max(o.effective_percent) AS effective_percent,
    arg_max(o.owned_name, (coalesce(o.effective_percent, -1), o.owned_name)) AS owned_name,
    arg_max(o.path, (coalesce(o.effective_percent, -1), o.owned_name)) AS path,
    bool_or(coalesce(o.is_blocked, FALSE)) AS is_blocked,
    bool_or(coalesce(o.is_blocked AND o.eo14024_percent >= 50, FALSE)) AS is_blocked_by_eo14024,
    bool_or(coalesce(o.just_below_50, FALSE)) AS is_just_below_50,
    bool_or(coalesce(o.changed_after_designation, FALSE)) AS is_changed_after_designation,
    bool_or(o.has_unknown_share) AS has_unknown_share
FROM hit_facts AS h
INNER JOIN owned AS o ON o.entry_id = h.entry_id
WHERE h.match_kind = 'ownership'
    AND (o.valid_from IS NULL OR h.value_date IS NULL OR h.value_date >= o.valid_from)
    AND (o.valid_to IS NULL OR h.value_date IS NULL OR h.value_date <= o.valid_to)
GROUP BY h.hit_id
