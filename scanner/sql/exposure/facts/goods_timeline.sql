-- This run's payments for priority goods and earlier ones of the same payers, each payment once.
--
-- makes: goods_timeline
-- grain: transaction_id
-- reads: transfer_facts, stored_goods
WITH own AS (
    SELECT
        f.transaction_id,
        f.payment_id,
        f.value_date,
        coalesce(f.amount_usd, 0) AS amount_usd,
        f.debtor_key,
        f.creditor_key,
        f.debtor_country,
        f.creditor_country,
        TRUE AS is_current
    FROM transfer_facts AS f
    WHERE f.is_lead
        AND f.value_date IS NOT NULL
        AND (f.chpl_tier IS NOT NULL OR f.item_category IS NOT NULL)
        -- A payment that an earlier run holds already stands there.
        AND coalesce(f.payment_id, f.transaction_id) NOT IN (
            SELECT coalesce(s.payment_id, s.transaction_id) FROM stored_goods AS s
        )
)

SELECT o.*
FROM own AS o
UNION ALL
SELECT
    s.transaction_id,
    s.payment_id,
    s.value_date,
    s.amount_usd,
    s.debtor_key,
    s.creditor_key,
    s.debtor_country,
    s.creditor_country,
    FALSE
FROM stored_goods AS s
WHERE s.debtor_key IN (SELECT o.debtor_key FROM own AS o)
