-- Every payment for priority goods, this run's and earlier ones, each once, in order of time.
--
-- makes: goods_timeline
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts
WITH facts AS (
    SELECT
        f.*,
        TRUE AS is_current
    FROM transfer_facts AS f
    WHERE f.is_lead
    UNION ALL
    SELECT
        h.*,
        FALSE
    FROM history_transfer_facts AS h
    WHERE coalesce(h.is_lead, TRUE)
)

SELECT
    f.transaction_id,
    f.value_date,
    coalesce(f.amount_usd, 0) AS amount_usd,
    f.debtor_key,
    f.creditor_key,
    f.debtor_country,
    f.creditor_country,
    f.is_current
FROM facts AS f
WHERE f.value_date IS NOT NULL
    AND (f.chpl_tier IS NOT NULL OR f.item_category IS NOT NULL)
QUALIFY row_number() OVER (
    PARTITION BY coalesce(f.payment_id, f.transaction_id)
    ORDER BY f.is_current, f.value_date, f.transaction_id
) = 1
