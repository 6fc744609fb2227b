-- How exposure moves: one row per period of the value date. grain is day, week, month, quarter or
-- year. A payment counts once, by its worst score; payments without a value date form the last row.
--
-- makes: trend(grain := 'month', min_score := 0.5)
-- grain: period
-- reads: transactions, scores
WITH per_payment AS (
    SELECT
        coalesce(t.payment_id, t.transaction_id) AS payment,
        min(t.value_date) AS value_date,
        max(coalesce(t.amount_usd, 0)) AS value_usd,
        coalesce(bool_or(s.obligation OR s.score >= min_score), false) AS is_exposed,
        bool_or(s.obligation) AS is_obligation
    FROM transactions AS t
    JOIN scores AS s USING (transaction_id)
    WHERE t.is_counted IS DISTINCT FROM false
    GROUP BY payment
)
SELECT
    CAST(date_trunc(grain, value_date) AS DATE) AS period,
    count(*) AS payments,
    sum(value_usd) AS value_usd,
    count(*) FILTER (is_exposed) AS exposed_payments,
    coalesce(sum(value_usd) FILTER (is_exposed), 0) AS exposed_value_usd,
    count(*) FILTER (is_obligation) AS obligation_payments
FROM per_payment
GROUP BY period
ORDER BY period NULLS LAST
