-- What the payer received shortly before it paid: money from Russia, or the same amount.
-- A bank that pays for itself passes on all day long; that says nothing.
--
-- makes: feature_passing
-- grain: transaction_id
-- reads: transfer_facts, past_transfers
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
INNER JOIN past_transfers AS i
    ON i.creditor_key = f.debtor_key
        AND i.value_date BETWEEN f.value_date - INTERVAL 30 DAYS AND f.value_date
        AND i.transaction_id != f.transaction_id
        AND i.amount_usd > 0
WHERE f.value_date IS NOT NULL AND f.kind != 'bank_transfer'
GROUP BY f.transaction_id
