-- The transfers of a bank, each payment once: this run's, and those of earlier runs in the months
-- that this run touches or before.
--
-- makes: bank_transfers
-- grain: bank_bic8, payment_id
-- reads: transfer_facts, history_transfer_facts, run
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
),

ranked AS (
    SELECT
        coalesce(f.payment_id, f.transaction_id) AS payment_id,
        unnest(f.agent_bic8s) AS bank_bic8,
        f.*
    FROM facts AS f
    WHERE f.value_date IS NOT NULL
)

SELECT
    r.bank_bic8,
    r.payment_id,
    min(r.value_date) AS value_date,
    date_trunc('month', min(r.value_date))::DATE AS month,
    max(coalesce(r.amount_usd, 0))::DECIMAL(28, 2) AS amount_usd,
    bool_or(coalesce(r.band IN ('review', 'escalate'), FALSE)) AS is_exposed,
    bool_or(coalesce(r.has_listed_party, FALSE)) AS has_listed_party,
    bool_or(coalesce(r.is_owned_by_blocked, FALSE)) AS is_owned_by_blocked,
    bool_or(r.chpl_tier IS NOT NULL OR r.item_category IS NOT NULL) AS has_goods,
    bool_or(coalesce(r.has_russia_nexus, FALSE)) AS has_russia_nexus,
    max(len(r.agent_bic8s)) AS chain_depth,
    bool_or(r.is_current) AS is_current
FROM ranked AS r
CROSS JOIN run AS w
WHERE NOT list_contains(coalesce(w.home_bic8s, []), r.bank_bic8)
GROUP BY r.bank_bic8, r.payment_id
