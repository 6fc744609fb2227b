-- What the pair of payer and payee did before: earlier rows only, never later ones.
--
-- makes: feature_pair
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts
--
-- Rows of one day are ordered by transaction_id, so that each sees those before it. Of stored
-- transfers those of the 30 days before the pair's first day here are looked at one by one; of
-- older ones only whether there are any.
WITH own AS (
    SELECT
        f.transaction_id,
        f.value_date,
        f.debtor_hash,
        f.creditor_hash,
        f.amount_usd
    FROM transfer_facts AS f
    WHERE f.value_date IS NOT NULL
        AND f.kind NOT IN ('cover', 'return', 'reject')
        AND f.debtor_hash IS NOT NULL
        AND f.creditor_hash IS NOT NULL
),

pairs AS (
    SELECT
        o.debtor_hash,
        o.creditor_hash,
        min(o.value_date) AS first_on,
        max(o.value_date) AS last_on
    FROM own AS o
    GROUP BY o.debtor_hash, o.creditor_hash
),

known AS (
    SELECT DISTINCT
        h.debtor_hash,
        h.creditor_hash
    FROM history_transfer_facts AS h
    INNER JOIN pairs AS p ON p.debtor_hash = h.debtor_hash AND p.creditor_hash = h.creditor_hash
    WHERE h.value_date < p.first_on AND h.kind NOT IN ('cover', 'return', 'reject')
),

placed AS (
    SELECT
        o.*,
        TRUE AS is_current
    FROM own AS o
    UNION ALL
    SELECT
        h.transaction_id,
        h.value_date,
        h.debtor_hash,
        h.creditor_hash,
        h.amount_usd,
        FALSE
    FROM history_transfer_facts AS h
    INNER JOIN pairs AS p ON p.debtor_hash = h.debtor_hash AND p.creditor_hash = h.creditor_hash
    WHERE h.value_date BETWEEN p.first_on - 30 AND p.last_on
        AND h.kind NOT IN ('cover', 'return', 'reject')
),

ordered AS (
    SELECT
        p.transaction_id,
        p.debtor_hash,
        p.creditor_hash,
        p.is_current,
        p.amount_usd,
        count(*) OVER earlier AS pair_before,
        count(*) OVER month AS pair_payments_30d,
        avg(p.amount_usd) OVER month AS mean_30d,
        coalesce(stddev_pop(p.amount_usd) OVER month, 0) AS deviation_30d,
        list(p.amount_usd) OVER fortnight AS amounts_14d
    FROM placed AS p
    WINDOW
        earlier AS (
            PARTITION BY p.debtor_hash, p.creditor_hash
            ORDER BY p.value_date, p.transaction_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        month AS (
            PARTITION BY p.debtor_hash, p.creditor_hash
            ORDER BY p.value_date
            RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING
        ),
        fortnight AS (
            PARTITION BY p.debtor_hash, p.creditor_hash
            ORDER BY p.value_date
            RANGE BETWEEN INTERVAL 14 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING
        )
)

SELECT
    o.transaction_id,
    o.pair_before = 0 AND k.debtor_hash IS NULL AS first_time_pair,
    o.pair_payments_30d,
    CASE
        WHEN o.pair_payments_30d >= 1 AND o.mean_30d > 0
            THEN greatest(0, 1 - (o.deviation_30d + abs(o.amount_usd - o.mean_30d)) / o.mean_30d)
    END AS pair_evenness_30d,
    coalesce(
        len(
            list_filter(o.amounts_14d, lambda a: abs(a - o.amount_usd) <= 0.1 * o.amount_usd)
        ),
        0
    ) AS alike_payments_14d
FROM ordered AS o
LEFT JOIN known AS k ON k.debtor_hash = o.debtor_hash AND k.creditor_hash = o.creditor_hash
WHERE o.is_current
