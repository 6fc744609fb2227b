-- The best score of a party against a firm that blocked persons own.
--
-- makes: feature_owned
-- grain: transaction_id
-- reads: owned_party_facts
--
-- It counts from 50 percent on; a smaller share blocks nothing.
SELECT
    o.transaction_id,
    max(o.score) AS owned_score
FROM owned_party_facts AS o
WHERE o.is_blocked
GROUP BY o.transaction_id
