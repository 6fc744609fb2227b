-- This run's payments for priority goods and earlier ones of the same payers, each payment once.
--
-- makes: goods_timeline
-- grain: transaction_id
-- reads: goods_transfers, stored_goods
WITH own AS (
    SELECT
        g.*,
        TRUE AS is_current
    FROM goods_transfers AS g
    -- A payment that an earlier run holds already stands there.
    WHERE coalesce(g.payment_id, g.transaction_id) NOT IN (
            SELECT coalesce(s.payment_id, s.transaction_id) FROM stored_goods AS s
        )
)

SELECT o.*
FROM own AS o
UNION ALL
SELECT
    s.*,
    FALSE
FROM stored_goods AS s
WHERE s.debtor_key IN (SELECT o.debtor_key FROM own AS o)
