-- The features of the affected transactions: those that hang on the lists from what they show now,
-- all others as they were.
--
-- makes: features
-- grain: transaction_id
-- reads: was_features, affected, feature_hits, feature_owned, exceptions
--
-- The columns are those of features/feature_evidence and features/features that read hits, owned
-- firms and exceptions.
WITH exempt AS (
    SELECT DISTINCT e.transaction_id
    FROM exceptions AS e
)

SELECT
    w.* REPLACE (
        h.party_score::DOUBLE AS party_score,
        h.party_rarity::DOUBLE AS party_rarity,
        coalesce(h.bank_score, 0)::DOUBLE AS bank_listed,
        h.text_score::DOUBLE AS text_score,
        n.owned_score::DOUBLE AS owned_score,
        (e.transaction_id IS NOT NULL AND w.goods_rank = 0)::INTEGER::DOUBLE AS exempt_trade,
        greatest(
            coalesce(h.party_score, 0),
            coalesce(h.bank_score, 0),
            coalesce(h.text_score, 0),
            coalesce(n.owned_score, 0)
        )::DOUBLE AS listed_evidence
    )
FROM was_features AS w
INNER JOIN affected AS a ON a.transaction_id = w.transaction_id
LEFT JOIN feature_hits AS h ON h.transaction_id = w.transaction_id
LEFT JOIN feature_owned AS n ON n.transaction_id = w.transaction_id
LEFT JOIN exempt AS e ON e.transaction_id = w.transaction_id
