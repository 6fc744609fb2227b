-- Transfers of this run whose payment an earlier run holds already: a late cover, another leg.
--
-- makes: joined_transfers
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts
WITH known AS (
    SELECT DISTINCT h.payment_hash
    FROM history_transfer_facts AS h
    WHERE h.payment_hash IN (SELECT f.payment_hash FROM transfer_facts AS f)
)

SELECT
    f.transaction_id,
    f.payment_id
FROM transfer_facts AS f
INNER JOIN known AS k ON k.payment_hash = f.payment_hash
