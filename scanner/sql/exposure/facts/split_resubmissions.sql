-- Transfers with which a refused payment has come again in parts: payments of the same payer to the
-- same payee within 30 days that one after another add up to the refused sum within two percent.
--
-- makes: split_resubmissions
-- grain: transaction_id, refused_payment_id
-- reads: refusals, transfer_facts, history_transfer_facts
--
-- The row stands at the payment that makes the sum full; nothing later is looked at. A part is
-- at most nine tenths of the sum, and at most ten parts are added.
WITH run_pairs AS (
    SELECT DISTINCT
        f.debtor_hash,
        f.creditor_hash
    FROM transfer_facts AS f
    WHERE f.kind = 'customer_transfer' AND f.is_lead
),

transfer AS (
    SELECT
        f.transaction_id,
        f.payment_id,
        f.value_date,
        f.amount_usd,
        f.debtor_hash,
        f.creditor_hash,
        TRUE AS is_of_run
    FROM transfer_facts AS f
    WHERE f.kind = 'customer_transfer' AND f.is_lead
    UNION ALL
    SELECT
        h.transaction_id,
        h.payment_id,
        h.value_date,
        h.amount_usd,
        h.debtor_hash,
        h.creditor_hash,
        FALSE
    FROM history_transfer_facts AS h
    INNER JOIN run_pairs AS p ON p.debtor_hash = h.debtor_hash AND p.creditor_hash = h.creditor_hash
    WHERE h.kind = 'customer_transfer' AND coalesce(h.is_lead, TRUE) AND h.value_date IS NOT NULL
),

refused AS (
    SELECT
        r.payment_id AS refused_payment_id,
        r.reason_class,
        min(r.refused_on) AS refused_on,
        any_value(t.amount_usd) AS refused_usd,
        any_value(t.debtor_hash) AS debtor_hash,
        any_value(t.creditor_hash) AS creditor_hash
    FROM refusals AS r
    INNER JOIN transfer AS t ON t.payment_id = r.payment_id
    WHERE r.kind IN ('reject', 'return', 'cancellation')
        AND r.reason_class IN ('compliance', 'unclear')
        AND t.amount_usd > 0
    GROUP BY r.payment_id, r.reason_class
),

part AS (
    SELECT
        r.*,
        t.transaction_id,
        t.is_of_run,
        t.amount_usd,
        row_number() OVER so_far AS place,
        sum(t.amount_usd) OVER so_far AS sum_so_far
    FROM refused AS r
    INNER JOIN transfer AS t
        ON t.debtor_hash = r.debtor_hash
        AND t.creditor_hash = r.creditor_hash
        AND t.value_date BETWEEN r.refused_on AND r.refused_on + 30
    WHERE t.payment_id IS DISTINCT FROM r.refused_payment_id
        AND t.amount_usd > 0
        AND t.amount_usd <= 0.9 * r.refused_usd
    WINDOW so_far AS (
        PARTITION BY r.refused_payment_id, r.reason_class
        ORDER BY t.value_date, t.transaction_id
        ROWS UNBOUNDED PRECEDING
    )
)

SELECT
    l.transaction_id,
    l.refused_payment_id,
    min(l.reason_class) AS reason_class,
    min(l.refused_on) AS refused_on,
    min(l.refused_usd) AS refused_usd,
    min(l.place - f.place + 1) AS parts
FROM part AS l
INNER JOIN part AS f
    ON f.refused_payment_id = l.refused_payment_id
    AND f.reason_class = l.reason_class
    AND f.place BETWEEN l.place - 9 AND l.place - 1
WHERE l.is_of_run
    AND abs(l.sum_so_far - f.sum_so_far + f.amount_usd - l.refused_usd) <= 0.02 * l.refused_usd
GROUP BY l.transaction_id, l.refused_payment_id
