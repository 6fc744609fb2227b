-- Behind how many payers and suppliers the same ultimate buyer or the same contract had stood, this
-- payment included, strictly earlier ones only.
--
-- makes: end_buyer_history
-- grain: transaction_id, basis
-- reads: timeline, history_transfer_facts
--
-- Of stored payments the first of each payer with each supplier is enough. A warehouse, a post
-- office or a terminal is where goods wait, no buyer.
WITH own AS (
    SELECT
        t.transaction_id,
        t.value_date,
        t.debtor_hash,
        t.creditor_hash,
        CASE WHEN starts_with(t.end_buyer_key, 'TEXT:') THEN 'end_user_text' ELSE 'ultimate_debtor' END
            AS basis,
        t.end_buyer_key AS buyer_key,
        NULL AS contract_hash
    FROM timeline AS t
    WHERE t.end_buyer_key IS NOT NULL
    UNION ALL
    SELECT
        t.transaction_id,
        t.value_date,
        t.debtor_hash,
        t.creditor_hash,
        'contract',
        t.contract_key || '|' || t.creditor_key,
        t.contract_hash
    FROM timeline AS t
    WHERE t.contract_hash IS NOT NULL
),

asked AS (
    SELECT
        o.basis,
        o.buyer_key,
        o.contract_hash,
        max(o.value_date) AS last_on
    FROM own AS o
    GROUP BY ALL
),

stored AS (
    SELECT
        a.basis,
        a.buyer_key,
        h.debtor_hash,
        h.creditor_hash,
        h.value_date,
        h.transaction_id
    FROM history_transfer_facts AS h
    INNER JOIN asked AS a ON a.buyer_key = h.end_buyer_key
    WHERE a.basis <> 'contract' AND h.value_date <= a.last_on AND coalesce(h.is_lead, TRUE)
    UNION ALL
    SELECT
        a.basis,
        a.buyer_key,
        h.debtor_hash,
        h.creditor_hash,
        h.value_date,
        h.transaction_id
    FROM history_transfer_facts AS h
    INNER JOIN asked AS a ON a.contract_hash = h.contract_hash
    WHERE h.value_date <= a.last_on AND coalesce(h.is_lead, TRUE)
),

keyed AS (
    SELECT
        o.transaction_id,
        o.value_date,
        o.debtor_hash,
        o.creditor_hash,
        o.basis,
        o.buyer_key,
        TRUE AS is_current
    FROM own AS o
    UNION ALL
    SELECT
        min_by(s.transaction_id, (s.value_date, s.transaction_id)),
        min(s.value_date),
        s.debtor_hash,
        s.creditor_hash,
        s.basis,
        s.buyer_key,
        FALSE
    FROM stored AS s
    GROUP BY s.basis, s.buyer_key, s.debtor_hash, s.creditor_hash
),

firsts AS (
    SELECT
        k.*,
        row_number() OVER (
            PARTITION BY k.basis, k.buyer_key, k.debtor_hash ORDER BY k.value_date, k.transaction_id
        ) = 1 AS is_new_payer,
        row_number() OVER (
            PARTITION BY k.basis, k.buyer_key, k.creditor_hash ORDER BY k.value_date, k.transaction_id
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
    AND NOT regexp_matches(
        c.buyer_key,
        'WAREHOUSE|ANTREPO|DEPO|POST ?OFFICE|POSTA|TERMINAL|PORT|FREE ?ZONE|CUSTOMS|GUMRUK|BANK'
    )
