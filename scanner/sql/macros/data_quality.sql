-- What is missing or was repaired in what was read: one row per measure and message type, with
-- its count and its share of the type's transactions.
--
-- makes: data_quality()
-- grain: measure, message_type
-- reads: transactions, messages, parties, texts
WITH facts AS (
    SELECT
        t.message_type,
        count(*) OVER (PARTITION BY t.message_type) AS of_type,
        unnest([
            {'measure': 'no value date', 'is_so': t.value_date IS NULL},
            {'measure': 'no amount', 'is_so': t.amount IS NULL},
            {'measure': 'no dollar amount', 'is_so': t.amount IS NOT NULL AND t.amount_usd IS NULL},
            {'measure': 'no debtor name', 'is_so': t.debtor_name IS NULL},
            {'measure': 'no creditor name', 'is_so': t.creditor_name IS NULL},
            {'measure': 'no debtor country', 'is_so': t.debtor_country IS NULL},
            {'measure': 'no creditor country', 'is_so': t.creditor_country IS NULL},
            {'measure': 'no UETR', 'is_so': t.uetr IS NULL},
            {'measure': 'no debtor''s bank', 'is_so': t.debtor_agent_bic IS NULL},
            {'measure': 'no creditor''s bank', 'is_so': t.creditor_agent_bic IS NULL},
            {'measure': 'not counted as money', 'is_so': t.is_counted = false},
            {'measure': 'message repaired', 'is_so': m.repaired},
            {'measure': 'duplicate message', 'is_so': m.duplicate_of IS NOT NULL},
            {'measure': 'test message', 'is_so': m.is_test},
            {'measure': 'not acknowledged', 'is_so': m.is_acknowledged = false},
            {'measure': 'text not screened', 'is_so': x.transaction_id IS NOT NULL}
        ]) AS fact
    FROM transactions AS t
    JOIN messages AS m USING (message_id)
    LEFT JOIN (
        SELECT DISTINCT transaction_id
        FROM (
            SELECT transaction_id, unscreened FROM texts
            UNION ALL
            SELECT transaction_id, unscreened FROM parties
        )
        WHERE unscreened IS NOT NULL
    ) AS x USING (transaction_id)
)
SELECT
    f.fact.measure AS measure,
    f.message_type,
    count(*) AS transactions,
    count(*) / any_value(f.of_type) AS share
FROM facts AS f
WHERE f.fact.is_so
GROUP BY f.fact.measure, f.message_type
ORDER BY transactions DESC, measure, f.message_type
