-- The parties of this run's transfers, with the days between which each of them pays or is paid.
--
-- makes: run_parties
-- grain: party_key
-- reads: transfer_facts
--
-- Stored transfers before a party's first day here are taken together, those between its days
-- one by one, later ones not at all. One payment of an old date so costs its own parties' past alone.
SELECT
    p.party_key,
    p.party_hash,
    min(p.value_date) AS first_on,
    max(p.value_date) AS last_on,
    min(p.value_date) FILTER (p.is_payer) AS first_paid_on,
    max(p.value_date) FILTER (p.is_payer) AS last_paid_on
FROM (
    SELECT
        f.debtor_key AS party_key,
        f.debtor_hash AS party_hash,
        f.value_date,
        TRUE AS is_payer
    FROM transfer_facts AS f
    UNION ALL
    SELECT
        f.creditor_key,
        f.creditor_hash,
        f.value_date,
        FALSE
    FROM transfer_facts AS f
) AS p
WHERE p.party_key IS NOT NULL
GROUP BY p.party_key, p.party_hash
