-- Payments of this run that an earlier run holds already, of a party of this run.
--
-- makes: known_payments
-- grain: payment_id
-- reads: transfer_facts, history_transfer_facts, run_parties
SELECT DISTINCT f.payment_id
FROM transfer_facts AS f
INNER JOIN history_transfer_facts AS h ON h.payment_hash = f.payment_hash
WHERE coalesce(h.is_lead, TRUE)
    AND h.value_date IS NOT NULL
    AND (
        h.debtor_hash IN (SELECT p.party_hash FROM run_parties AS p)
        OR h.creditor_hash IN (SELECT p.party_hash FROM run_parties AS p)
    )
