-- Behind how many payers and suppliers the same ultimate buyer or the same contract had stood, this
-- payment included, strictly earlier ones only.
--
-- makes: end_buyer_history
-- grain: transaction_id, basis
-- reads: timeline
WITH keyed AS (
    SELECT
        t.transaction_id,
        t.value_date,
        t.debtor_key,
        t.creditor_key,
        t.is_current,
        CASE WHEN starts_with(t.end_buyer_key, 'TEXT:') THEN 'end_user_text' ELSE 'ultimate_debtor' END
            AS basis,
        t.end_buyer_key AS buyer_key
    FROM timeline AS t
    WHERE t.end_buyer_key IS NOT NULL
    UNION ALL
    SELECT
        t.transaction_id,
        t.value_date,
        t.debtor_key,
        t.creditor_key,
        t.is_current,
        'contract',
        t.contract_key || '|' || t.creditor_key
    FROM timeline AS t
    -- A short number is no contract: "1" and "2024" are everybody's.
    WHERE length(t.contract_key) >= 5 AND regexp_matches(t.contract_key, '[0-9]')
),

firsts AS (
    SELECT
        k.*,
        row_number() OVER (
            PARTITION BY k.basis, k.buyer_key, k.debtor_key ORDER BY k.value_date, k.transaction_id
        ) = 1 AS is_new_payer,
        row_number() OVER (
            PARTITION BY k.basis, k.buyer_key, k.creditor_key ORDER BY k.value_date, k.transaction_id
        ) = 1 AS is_new_supplier
    FROM keyed AS k
),

counted AS (
    SELECT
        f.*,
        sum(f.is_new_payer::INTEGER) OVER so_far AS payers,
        sum(f.is_new_supplier::INTEGER) OVER so_far AS suppliers
    FROM firsts AS f
    WINDOW so_far AS (
        PARTITION BY f.basis, f.buyer_key
        ORDER BY f.value_date, f.transaction_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
)

SELECT c.*
FROM counted AS c
WHERE c.is_current
