-- Behind how many payers or suppliers the same buyer or contract had stood, this payment included.
--
-- makes: feature_end_buyer
-- grain: transaction_id
-- reads: end_buyer_history
SELECT
    e.transaction_id,
    max(least(greatest(e.payers, e.suppliers), 10)) AS end_buyer_parties
FROM end_buyer_history AS e
GROUP BY e.transaction_id
