-- Which corridors carry exposure: one row per pair of the debtor's and the creditor's country.
-- A payment counts once, by its worst score; a country that nothing gives is shown as NULL and
-- never added to another. min_score as in exposure_by_bank.
--
-- makes: exposure_by_corridor(from_date := NULL, to_date := NULL, min_score := 0.5)
-- grain: debtor_country, creditor_country
-- reads: transactions, scores
WITH per_payment AS (
    SELECT
        coalesce(t.payment_id, t.transaction_id) AS payment,
        max(t.debtor_country) AS debtor_country,
        max(t.creditor_country) AS creditor_country,
        max(coalesce(t.amount_usd, 0)) AS value_usd,
        coalesce(bool_or(s.obligation OR s.score >= min_score), false) AS is_exposed,
        max(s.score) AS score
    FROM transactions AS t
    JOIN scores AS s USING (transaction_id)
    WHERE t.is_counted IS DISTINCT FROM false
      AND (from_date IS NULL OR t.value_date >= from_date)
      AND (to_date IS NULL OR t.value_date <= to_date)
    GROUP BY payment
)
SELECT
    debtor_country,
    creditor_country,
    count(*) AS payments,
    sum(value_usd) AS value_usd,
    count(*) FILTER (is_exposed) AS exposed_payments,
    coalesce(sum(value_usd) FILTER (is_exposed), 0) AS exposed_value_usd,
    coalesce(sum(value_usd) FILTER (is_exposed), 0) / nullif(sum(value_usd), 0) AS exposed_share,
    max(score) AS highest_score
FROM per_payment
GROUP BY debtor_country, creditor_country
ORDER BY exposed_value_usd DESC, debtor_country, creditor_country
