-- What the hits of a transaction say, in numbers.
--
-- makes: feature_hits
-- grain: transaction_id
-- reads: hits, list_entries, parties
--
-- To share an address is no match of a party; the indicators RF-07 and RF-08 tell it.
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
        AND h.match_kind != 'address'
        AND (h.match_kind = 'ownership' OR e.measure IN ('blocking', 'correspondent_account'))
)

SELECT
    w.transaction_id,
    max(w.score) FILTER (w.role IS NOT NULL AND NOT w.is_bank AND w.match_kind != 'ownership')
        AS party_score,
    max(w.rank_key) FILTER (w.role IS NOT NULL AND NOT w.is_bank AND w.match_kind != 'ownership')
        AS party_rarity,
    max(w.score) FILTER (w.is_bank AND w.match_kind != 'ownership') AS bank_score,
    max(w.score) FILTER (w.text_kind IS NOT NULL AND w.match_kind != 'ownership') AS text_score,
    max(w.score) FILTER (w.match_kind = 'ownership') AS owned_score
FROM weighed AS w
GROUP BY w.transaction_id
