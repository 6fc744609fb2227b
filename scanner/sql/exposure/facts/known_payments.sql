-- Payments of this run that an earlier run holds already, of a party of this run.
--
-- makes: known_payments
-- grain: payment_id
-- reads: transfer_facts, history_transfer_facts, run_parties
SELECT DISTINCT h.payment_id
FROM history_transfer_facts AS h
WHERE h.payment_id IN (SELECT f.payment_id FROM transfer_facts AS f)
    AND coalesce(h.is_lead, TRUE)
    AND h.value_date IS NOT NULL
    AND (
        h.debtor_key IN (SELECT p.party_key FROM run_parties AS p)
        OR h.creditor_key IN (SELECT p.party_key FROM run_parties AS p)
    )
