-- Which banks carry exposure to us: one row per bank (BIC, 8 characters) that takes part in a
-- payment as sender, receiver or agent. A payment counts once for a bank, by its worst score.
-- The bank's own BICs (setting home_bic8s) are left out. min_score is the least score that counts as
-- exposed; an obligation always counts.
--
-- makes: exposure_by_bank(from_date := NULL, to_date := NULL, min_score := 0.5)
-- grain: bank_bic8
-- reads: transactions, scores, parties, runs
WITH scored AS (
    SELECT
        t.transaction_id,
        coalesce(t.payment_id, t.transaction_id) AS payment,
        coalesce(t.amount_usd, 0) AS value_usd,
        t.sender_bic,
        t.receiver_bic,
        s.score,
        s.obligation,
        s.limb_persons <> 'none' AS persons,
        s.limb_items <> 'none' AS items,
        coalesce(s.obligation OR s.score >= min_score, false) AS is_exposed
    FROM transactions AS t
    JOIN scores AS s USING (transaction_id)
    WHERE t.is_counted IS DISTINCT FROM false
      AND (from_date IS NULL OR t.value_date >= from_date)
      AND (to_date IS NULL OR t.value_date <= to_date)
),
banks AS (
    SELECT transaction_id, left(sender_bic, 8) AS bank_bic8 FROM scored
    UNION ALL
    SELECT transaction_id, left(receiver_bic, 8) FROM scored
    UNION ALL
    SELECT p.transaction_id, left(p.bic, 8) FROM parties AS p WHERE p.is_agent
),
per_payment AS (
    SELECT
        b.bank_bic8,
        s.payment,
        max(s.value_usd) AS value_usd,
        bool_or(s.is_exposed) AS is_exposed,
        bool_or(s.persons) AS persons,
        bool_or(s.items) AS items,
        max(s.score) AS score
    FROM banks AS b
    JOIN scored AS s USING (transaction_id)
    WHERE b.bank_bic8 IS NOT NULL
      AND b.bank_bic8 NOT IN (SELECT unnest(r.home_bic8s) FROM runs AS r)
    GROUP BY b.bank_bic8, s.payment
)
SELECT
    bank_bic8,
    count(*) AS payments,
    sum(value_usd) AS value_usd,
    count(*) FILTER (is_exposed) AS exposed_payments,
    coalesce(sum(value_usd) FILTER (is_exposed), 0) AS exposed_value_usd,
    coalesce(sum(value_usd) FILTER (is_exposed), 0) / nullif(sum(value_usd), 0) AS exposed_share,
    count(*) FILTER (is_exposed AND persons) AS persons_payments,
    count(*) FILTER (is_exposed AND items) AS items_payments,
    max(score) AS highest_score
FROM per_payment
GROUP BY bank_bic8
ORDER BY exposed_value_usd DESC, bank_bic8
