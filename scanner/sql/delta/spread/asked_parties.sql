-- The parties whose past is asked for.
--
-- makes: asked_parties
-- grain: party_key
-- reads: asked_transfers
SELECT DISTINCT k.party_key
FROM (
    SELECT unnest([t.debtor_key, t.creditor_key]) AS party_key
    FROM asked_transfers AS t
) AS k
WHERE k.party_key IS NOT NULL
