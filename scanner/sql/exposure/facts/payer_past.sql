-- What each payer of this run had paid before its first day here, summed by name and payee's country.
--
-- makes: payer_past
-- grain: debtor_hash, debtor_name_hash, creditor_country
-- reads: run_parties, history_transfer_facts
--
-- Sums are decimals, so that the order of adding changes nothing.
SELECT
    h.debtor_hash,
    h.debtor_name_hash,
    h.creditor_country,
    count(*) AS payments,
    sum(coalesce(h.amount_usd, 0)::DECIMAL(28, 2)) AS sum_usd,
    min(h.value_date) AS first_on,
    max(h.value_date) AS last_on,
    count(*) FILTER (h.has_russia_nexus) AS nexus_payments,
    max(h.value_date) FILTER (h.has_russia_nexus) AS last_nexus_on
FROM history_transfer_facts AS h
INNER JOIN run_parties AS p ON p.party_hash = h.debtor_hash
WHERE h.value_date < p.first_paid_on AND coalesce(h.is_lead, TRUE)
GROUP BY h.debtor_hash, h.debtor_name_hash, h.creditor_country
