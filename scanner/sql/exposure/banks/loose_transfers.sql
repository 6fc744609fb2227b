-- Transfers that no stored day's sums stand for, or stand for no longer.
--
-- makes: loose_transfers
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts, history_cut_transfer_facts, joined_transfers,
-- history_joined_transfers
--
-- These are this run's, those of earlier runs of which a file no longer counts (their sums would
-- count it), and all transfers of payments that several runs share. Of a shared payment the first
-- run has summed what it knew: that is taken off again (`is_summed`).
WITH shared AS (
    SELECT md5_number_lower(j.payment_id) AS payment_hash
    FROM joined_transfers AS j
    UNION
    SELECT md5_number_lower(h.payment_id)
    FROM history_joined_transfers AS h
),

loose AS NOT MATERIALIZED (
    SELECT
        f.*,
        TRUE AS is_current,
        FALSE AS is_summed
    FROM transfer_facts AS f
    UNION ALL
    SELECT
        c.*,
        FALSE,
        FALSE
    FROM history_cut_transfer_facts AS c
    WHERE c.payment_hash IS NULL OR c.payment_hash NOT IN (SELECT s.payment_hash FROM shared AS s)
    UNION ALL
    SELECT
        h.*,
        FALSE,
        h.transaction_id NOT IN (SELECT c.transaction_id FROM history_cut_transfer_facts AS c)
        AND h.transaction_id NOT IN (SELECT j.transaction_id FROM history_joined_transfers AS j)
    FROM history_transfer_facts AS h
    WHERE h.payment_hash IN (SELECT s.payment_hash FROM shared AS s)
)

SELECT
    l.transaction_id,
    coalesce(l.payment_id, l.transaction_id) AS payment_id,
    l.value_date,
    coalesce(l.amount_usd, 0) AS amount_usd,
    l.agent_bic8s,
    l.customer_id,
    l.debtor_country,
    l.creditor_country,
    coalesce(l.band IN ('review', 'escalate'), FALSE) AS is_exposed,
    coalesce(l.has_listed_party, FALSE) AS has_listed_party,
    coalesce(l.is_owned_by_blocked, FALSE) AS is_owned_by_blocked,
    l.chpl_tier IS NOT NULL OR l.item_category IS NOT NULL AS has_goods,
    coalesce(l.has_russia_nexus, FALSE) AS has_russia_nexus,
    l.is_current,
    l.is_summed
FROM loose AS l
WHERE l.value_date IS NOT NULL
