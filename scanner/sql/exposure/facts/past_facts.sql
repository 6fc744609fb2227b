-- Stored transfers in which a party of this run takes part, or a payer of the same name.
--
-- makes: past_facts
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts
--
-- The stored transfers are looked through once for all relations that ask for these parties' past.
-- A party is its key (`is_of_party`); a payer that changed its bank has another account and key.
WITH party_keys AS (
    SELECT f.debtor_key AS party_key
    FROM transfer_facts AS f
    WHERE f.debtor_key IS NOT NULL
    UNION
    SELECT f.creditor_key
    FROM transfer_facts AS f
    WHERE f.creditor_key IS NOT NULL
)

SELECT
    h.transaction_id,
    h.payment_id,
    h.value_date,
    h.kind,
    h.currency,
    h.amount_usd,
    h.debtor_key,
    h.creditor_key,
    h.debtor_name_key,
    h.debtor_country,
    h.creditor_country,
    h.debtor_agent_bic8,
    h.chpl_tier,
    h.item_category,
    h.has_russia_nexus,
    h.has_listed_party,
    h.end_buyer_key,
    h.contract_key,
    coalesce(h.is_lead, TRUE) AS is_lead,
    coalesce(h.debtor_key IN (SELECT k.party_key FROM party_keys AS k), FALSE)
    OR coalesce(h.creditor_key IN (SELECT k.party_key FROM party_keys AS k), FALSE) AS is_of_party
FROM history_transfer_facts AS h
WHERE h.value_date IS NOT NULL
    AND (
        is_of_party
        OR h.debtor_name_key IN (
            SELECT f.debtor_name_key
            FROM transfer_facts AS f
            WHERE f.debtor_name_key IS NOT NULL
        )
    )
