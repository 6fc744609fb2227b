-- Payments with which a party passed on what had come in to it shortly before, for later runs.
--
-- makes: passing_facts
-- grain: transaction_id
-- reads: party_history
SELECT
    h.transaction_id,
    h.party_hash,
    h.value_date,
    h.is_after_russian_payer
FROM party_history AS h
WHERE h.is_passing_on
