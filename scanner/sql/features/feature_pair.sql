-- What the pair of payer and payee did before: earlier rows only, never later ones.
--
-- makes: feature_pair
-- grain: transaction_id
-- reads: transfer_facts, past_transfers
--
-- Rows of one day are ordered by transaction_id, so that each sees those before it. Of the
-- history only the pairs of this run are put in order.
WITH pairs AS (
    SELECT DISTINCT
        t.debtor_key,
        t.creditor_key
    FROM transfer_facts AS t
    WHERE t.debtor_key IS NOT NULL AND t.creditor_key IS NOT NULL
),

ordered AS (
    SELECT
        p.transaction_id,
        count(*) OVER earlier AS pair_before,
        count(*) OVER month AS pair_payments_30d,
        avg(p.amount_usd) OVER month AS mean_30d,
        coalesce(stddev_pop(p.amount_usd) OVER month, 0) AS deviation_30d,
        list(p.amount_usd) OVER fortnight AS amounts_14d,
        p.amount_usd
    FROM past_transfers AS p
    INNER JOIN pairs AS k ON k.debtor_key = p.debtor_key AND k.creditor_key = p.creditor_key
    WINDOW
        earlier AS (
            PARTITION BY p.debtor_key, p.creditor_key
            ORDER BY p.value_date, p.transaction_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ),
        month AS (
            PARTITION BY p.debtor_key, p.creditor_key
            ORDER BY p.value_date
            RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING
        ),
        fortnight AS (
            PARTITION BY p.debtor_key, p.creditor_key
            ORDER BY p.value_date
            RANGE BETWEEN INTERVAL 14 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING
        )
)

SELECT
    f.transaction_id,
    o.pair_before = 0 AS first_time_pair,
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
FROM transfer_facts AS f
INNER JOIN ordered AS o ON o.transaction_id = f.transaction_id
