-- Transfers in order of time, each payment once: this run's, and those of earlier runs in which a
-- party of this run takes part.
--
-- makes: timeline
-- grain: transaction_id
-- reads: transfer_facts, past_facts
--
-- Only the lead of a payment counts. A payment that an earlier run holds already is not
-- taken again, so that a late cover is no second payment. Without a value date nothing
-- has a place in time.
WITH earlier AS (
    SELECT p.*
    FROM past_facts AS p
    WHERE p.is_lead AND p.is_of_party
)

SELECT
    f.transaction_id,
    f.payment_id,
    f.value_date,
    f.currency,
    coalesce(f.amount_usd, 0) AS amount_usd,
    f.debtor_key,
    f.creditor_key,
    f.debtor_name_key,
    f.debtor_country,
    f.creditor_country,
    f.chpl_tier IS NOT NULL OR f.item_category IS NOT NULL AS has_goods,
    coalesce(f.has_russia_nexus, FALSE) AS has_russia_nexus,
    coalesce(f.has_listed_party, FALSE) AS has_listed_party,
    f.end_buyer_key,
    f.contract_key,
    TRUE AS is_current
FROM transfer_facts AS f
WHERE f.is_lead
    AND f.value_date IS NOT NULL
    AND f.payment_id NOT IN (
        SELECT e.payment_id
        FROM earlier AS e
        WHERE e.payment_id IS NOT NULL
    )
UNION ALL
SELECT
    e.transaction_id,
    e.payment_id,
    e.value_date,
    e.currency,
    coalesce(e.amount_usd, 0),
    e.debtor_key,
    e.creditor_key,
    e.debtor_name_key,
    e.debtor_country,
    e.creditor_country,
    e.chpl_tier IS NOT NULL OR e.item_category IS NOT NULL,
    coalesce(e.has_russia_nexus, FALSE),
    coalesce(e.has_listed_party, FALSE),
    e.end_buyer_key,
    e.contract_key,
    FALSE
FROM earlier AS e
