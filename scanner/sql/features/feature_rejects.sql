-- Whether the same payment was turned away for compliance shortly before.
--
-- makes: feature_rejects
-- grain: transaction_id
-- reads: transfer_facts, transactions, refusals
SELECT DISTINCT
    t.transaction_id,
    TRUE AS after_compliance_reject
FROM transactions AS t
INNER JOIN transfer_facts AS f ON f.transaction_id = t.transaction_id
INNER JOIN refusals AS r
    ON r.payment_id != t.payment_id
        AND r.value_date BETWEEN t.value_date - INTERVAL 30 DAYS AND t.value_date
        AND r.refused_on <= t.value_date
        AND abs(r.amount_usd - f.amount_usd) <= 0.02 * r.amount_usd
        AND (r.creditor_account = t.creditor_account OR r.debtor_account = t.debtor_account)
WHERE r.kind IN ('return', 'reject') AND r.reason_class = 'compliance'
