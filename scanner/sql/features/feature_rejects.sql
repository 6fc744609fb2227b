-- Whether the same payment was turned away for compliance shortly before.
--
-- makes: feature_rejects
-- grain: transaction_id
-- reads: transfer_facts, transactions, refusal_facts, history_refusal_facts
WITH rejected AS (
    SELECT r.payment_id
    FROM refusal_facts AS r
    WHERE r.kind IN ('return', 'reject') AND r.reason_class = 'compliance'
    UNION ALL
    SELECT h.payment_id
    FROM history_refusal_facts AS h
    WHERE h.kind IN ('return', 'reject') AND h.reason_class = 'compliance'
),

originals AS (
    SELECT DISTINCT
        t.payment_id,
        t.debtor_account,
        t.creditor_account,
        t.amount_usd::DOUBLE AS amount_usd,
        t.value_date
    FROM transactions AS t
    INNER JOIN rejected AS r ON r.payment_id = t.payment_id
    WHERE t.amount_usd IS NOT NULL AND t.kind NOT IN ('return', 'reject')
)

SELECT DISTINCT
    t.transaction_id,
    TRUE AS after_compliance_reject
FROM transactions AS t
INNER JOIN transfer_facts AS f ON f.transaction_id = t.transaction_id
INNER JOIN originals AS o
    ON o.payment_id != t.payment_id
        AND o.value_date BETWEEN t.value_date - INTERVAL 30 DAYS AND t.value_date
        AND abs(o.amount_usd - f.amount_usd) <= 0.02 * o.amount_usd
        AND (o.creditor_account = t.creditor_account OR o.debtor_account = t.debtor_account)
