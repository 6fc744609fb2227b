-- What the hits of a transaction say, in numbers.
--
-- makes: feature_hits
-- grain: transaction_id
-- reads: hits, list_entries, parties, owned_party_facts
--
-- A firm of blocked owners counts from 50 percent on; a smaller share blocks nothing.
WITH weighed AS (
    SELECT
        h.transaction_id,
        h.score,
        h.rank_key,
        h.match_kind,
        h.role,
        h.text_kind,
        h.role IN ('sender', 'receiver')
        OR coalesce(
            (
                SELECT bool_or(p.is_agent)
                FROM parties AS p
                WHERE p.transaction_id = h.transaction_id AND p.role = h.role
            ),
            FALSE
        ) AS is_bank
    FROM hits AS h
    LEFT JOIN list_entries AS e ON e.entry_id = h.entry_id
    WHERE NOT coalesce(h.is_suppressed, FALSE)
        AND h.match_kind != 'ownership'
        AND e.measure IN ('blocking', 'correspondent_account')
),

listed AS (
    SELECT
        w.transaction_id,
        max(w.score) FILTER (w.role IS NOT NULL AND NOT w.is_bank) AS party_score,
        max(w.rank_key) FILTER (w.role IS NOT NULL AND NOT w.is_bank) AS party_rarity,
        max(w.score) FILTER (w.is_bank) AS bank_score,
        max(w.score) FILTER (w.text_kind IS NOT NULL) AS text_score
    FROM weighed AS w
    GROUP BY w.transaction_id
),

owned AS (
    SELECT
        o.transaction_id,
        max(o.score) AS owned_score
    FROM owned_party_facts AS o
    WHERE o.is_blocked
    GROUP BY o.transaction_id
)

SELECT
    coalesce(l.transaction_id, o.transaction_id) AS transaction_id,
    l.party_score,
    l.party_rarity,
    l.bank_score,
    l.text_score,
    o.owned_score
FROM listed AS l
FULL OUTER JOIN owned AS o ON o.transaction_id = l.transaction_id
