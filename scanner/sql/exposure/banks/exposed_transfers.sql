-- Every payment once, with its month, its worst band and what was found on it: this run's, and those
-- of earlier runs, for the counts by customer and corridor.
--
-- makes: exposed_transfers
-- grain: payment_id
-- reads: transfer_facts, history_transfer_facts
WITH facts AS (
    SELECT
        f.*,
        TRUE AS is_current
    FROM transfer_facts AS f
    UNION ALL
    SELECT
        h.*,
        FALSE
    FROM history_transfer_facts AS h
)

SELECT
    coalesce(f.payment_id, f.transaction_id) AS payment_id,
    date_trunc('month', min(f.value_date))::DATE AS month,
    max(coalesce(f.amount_usd, 0))::DECIMAL(28, 2) AS amount_usd,
    max(f.customer_id) AS customer_id,
    max(f.debtor_country) AS debtor_country,
    max(f.creditor_country) AS creditor_country,
    bool_or(coalesce(f.band IN ('review', 'escalate'), FALSE)) AS is_exposed,
    bool_or(coalesce(f.has_listed_party, FALSE)) AS has_listed_party,
    bool_or(coalesce(f.is_owned_by_blocked, FALSE)) AS is_owned_by_blocked,
    bool_or(f.chpl_tier IS NOT NULL OR f.item_category IS NOT NULL) AS has_goods,
    bool_or(coalesce(f.has_russia_nexus, FALSE)) AS has_russia_nexus,
    bool_or(f.is_current) AS is_current
FROM facts AS f
WHERE f.value_date IS NOT NULL
GROUP BY coalesce(f.payment_id, f.transaction_id)
