-- How often each payer of this run had paid the same payee before the payer's first day here.
--
-- makes: pair_past
-- grain: debtor_hash, creditor_hash
-- reads: timeline, run_parties, history_transfer_facts
--
-- Only of the pairs that pay in this run: to sum all pairs of the past costs far more.
WITH asked AS (
    SELECT DISTINCT
        t.debtor_hash,
        t.creditor_hash,
        p.first_paid_on
    FROM timeline AS t
    INNER JOIN run_parties AS p ON p.party_hash = t.debtor_hash
)

SELECT
    a.debtor_hash,
    a.creditor_hash,
    count(*) AS payments
FROM history_transfer_facts AS h
INNER JOIN asked AS a
    ON a.debtor_hash = h.debtor_hash AND a.creditor_hash IS NOT DISTINCT FROM h.creditor_hash
WHERE h.value_date < a.first_paid_on AND coalesce(h.is_lead, TRUE)
GROUP BY a.debtor_hash, a.creditor_hash
