-- What the payer received shortly before it paid: money from Russia, or the same amount.
-- A bank that pays for itself passes on all day long; that says nothing.
--
-- makes: feature_passing
-- grain: transaction_id
-- reads: transfer_facts, history_transfer_facts, run_parties
--
-- Amounts are compared over five days; of what came earlier only money from Russia is looked at.
WITH inflows AS (
    SELECT
        f.transaction_id,
        f.creditor_hash,
        f.value_date,
        f.amount_usd,
        f.has_russia_nexus
    FROM transfer_facts AS f
    WHERE f.amount_usd > 0 AND f.kind NOT IN ('cover', 'return', 'reject')
    UNION ALL
    SELECT
        h.transaction_id,
        h.creditor_hash,
        h.value_date,
        h.amount_usd,
        h.has_russia_nexus
    FROM history_transfer_facts AS h
    INNER JOIN run_parties AS p ON p.party_hash = h.creditor_hash
    WHERE h.value_date BETWEEN p.first_paid_on - 30 AND p.last_paid_on
        AND h.amount_usd > 0
        AND h.kind NOT IN ('cover', 'return', 'reject')
        AND (h.has_russia_nexus OR h.value_date >= p.first_paid_on - 5)
)

SELECT
    f.transaction_id,
    bool_or(i.has_russia_nexus) AS russian_inflow_30d,
    max(
        CASE
            WHEN i.value_date >= f.value_date - INTERVAL 5 DAYS AND f.amount_usd > 0
                THEN least(i.amount_usd, f.amount_usd) / greatest(i.amount_usd, f.amount_usd)
        END
    ) AS pass_through_ratio
FROM transfer_facts AS f
INNER JOIN inflows AS i
    ON i.creditor_hash = f.debtor_hash
        AND i.value_date BETWEEN f.value_date - INTERVAL 30 DAYS AND f.value_date
        AND (i.has_russia_nexus OR i.value_date >= f.value_date - INTERVAL 5 DAYS)
        AND i.transaction_id != f.transaction_id
WHERE f.value_date IS NOT NULL AND f.kind != 'bank_transfer'
GROUP BY f.transaction_id
