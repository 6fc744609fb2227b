-- Samples for threshold tuning: the payments whose scores lie closest above and below a
-- threshold. Obligations are left out, because the model does not decide them.
--
-- makes: around_threshold(threshold := 0.5, each := 25)
-- grain: transaction_id
-- reads: scores, transactions
WITH judged AS (
    SELECT
        s.transaction_id,
        s.reference,
        s.value_date,
        s.amount_usd,
        s.score,
        s.band,
        s.reasons[1].words AS strongest_reason,
        concat(coalesce(t.debtor_country, '?'), ' → ', coalesce(t.creditor_country, '?')) AS corridor,
        CASE WHEN s.score >= threshold THEN 'above' ELSE 'below' END AS side,
        abs(s.score - threshold) AS distance,
        s.margin
    FROM scores AS s
    JOIN transactions AS t USING (transaction_id)
    WHERE s.score IS NOT NULL AND NOT s.obligation
)
SELECT j.*
FROM judged AS j
QUALIFY row_number() OVER (
    PARTITION BY j.side ORDER BY j.distance, abs(j.margin), j.transaction_id
) <= each
ORDER BY j.score DESC, j.margin DESC, j.transaction_id
