-- Parties of transfers that have a listed party and had none, or the other way round, and since when.
--
-- makes: changed_parties
-- grain: party_key
-- reads: was_transfer_facts, corrected_facts, changed_history
WITH changed AS (
    SELECT
        w.debtor_key,
        w.creditor_key,
        w.value_date
    FROM was_transfer_facts AS w
    INNER JOIN corrected_facts AS f ON f.transaction_id = w.transaction_id
    WHERE f.has_listed_party IS DISTINCT FROM w.has_listed_party
    UNION ALL
    SELECT
        h.debtor_key,
        h.creditor_key,
        h.value_date
    FROM changed_history AS h
)

SELECT
    k.party_key,
    min(k.value_date) AS since
FROM (
    SELECT
        unnest([c.debtor_key, c.creditor_key]) AS party_key,
        c.value_date
    FROM changed AS c
) AS k
WHERE k.party_key IS NOT NULL
GROUP BY k.party_key
