-- Whether the same payment was turned away for compliance shortly before.
--
-- makes: feature_rejects
-- grain: transaction_id
-- reads: transfer_facts, transactions, refusals
WITH refused AS (
    SELECT
        r.payment_id,
        r.value_date,
        r.refused_on,
        r.amount_usd,
        unnest(['creditor ' || r.creditor_account, 'debtor ' || r.debtor_account]) AS account
    FROM refusals AS r
    WHERE r.kind IN ('return', 'reject') AND r.reason_class = 'compliance'
),

paid AS (
    SELECT
        t.transaction_id,
        t.payment_id,
        t.value_date,
        f.amount_usd,
        unnest(['creditor ' || t.creditor_account, 'debtor ' || t.debtor_account]) AS account
    FROM transactions AS t
    INNER JOIN transfer_facts AS f ON f.transaction_id = t.transaction_id
)

SELECT DISTINCT
    p.transaction_id,
    TRUE AS after_compliance_reject
FROM paid AS p
INNER JOIN refused AS r
    ON r.account = p.account
        AND r.payment_id != p.payment_id
        AND r.value_date BETWEEN p.value_date - INTERVAL 30 DAYS AND p.value_date
        AND r.refused_on <= p.value_date
        AND abs(r.amount_usd - p.amount_usd) <= 0.02 * r.amount_usd
