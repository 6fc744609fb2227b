-- Whether the payer came from a bank in another country lately, and how many others went the same way.
--
-- makes: feature_moves
-- grain: transaction_id
-- reads: transfer_facts, move_facts, history_move_facts
--
-- When a bank leaves a corridor its customers meet again at the next. On the day of a payment
-- only the moves up to that day are known.
WITH moves AS (
    SELECT
        m.payer,
        m.bank,
        m.bank_before,
        m.value_date
    FROM move_facts AS m
    UNION ALL
    SELECT
        h.payer,
        h.bank,
        h.bank_before,
        h.value_date
    FROM history_move_facts AS h
    -- A move counts for 60 days, and others moved with it within 90 more.
    WHERE h.value_date >= (SELECT min(f.value_date) - 150 FROM transfer_facts AS f)
),

moved AS (
    SELECT
        f.transaction_id,
        f.value_date,
        m.payer,
        m.bank,
        m.bank_before
    FROM transfer_facts AS f
    ASOF JOIN moves AS m
        ON m.payer = f.debtor_name_hash || '|' || coalesce(f.debtor_country, '')
        AND m.bank = f.debtor_agent_bic8
        AND f.value_date >= m.value_date
    WHERE f.value_date - m.value_date <= 60
)

SELECT
    d.transaction_id,
    TRUE AS moved_bank,
    least(count(DISTINCT o.payer), 5) AS moved_together
FROM moved AS d
LEFT JOIN moves AS o
    ON o.bank_before = d.bank_before
    AND o.bank = d.bank
    AND o.payer != d.payer
    AND o.value_date BETWEEN d.value_date - 90 AND d.value_date
GROUP BY d.transaction_id
