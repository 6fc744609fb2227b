-- Behind how many payers and suppliers the same ultimate buyer or the same contract had stood, this
-- payment included, strictly earlier ones only.
--
-- makes: end_buyer_history
-- grain: transaction_id, basis
-- reads: timeline, history_transfer_facts
--
-- Of stored payments the first of each payer with each supplier is enough. A warehouse, a post
-- office or a terminal is where goods wait, no buyer.
WITH own_buyers AS (
    SELECT
        t.end_buyer_key,
        max(t.value_date) AS last_on
    FROM timeline AS t
    WHERE t.end_buyer_key IS NOT NULL
    GROUP BY t.end_buyer_key
),

own_contracts AS (
    SELECT
        t.contract_key,
        t.creditor_key,
        max(t.value_date) AS last_on
    FROM timeline AS t
    -- A short number is no contract: "1" and "2024" are everybody's.
    WHERE length(t.contract_key) >= 5
        AND regexp_matches(t.contract_key, '[0-9]')
        AND t.creditor_key IS NOT NULL
    GROUP BY t.contract_key, t.creditor_key
),

stored AS (
    SELECT
        h.end_buyer_key,
        NULL AS contract_key,
        h.debtor_key,
        h.creditor_key,
        h.value_date,
        h.transaction_id
    FROM history_transfer_facts AS h
    INNER JOIN own_buyers AS b ON b.end_buyer_key = h.end_buyer_key
    WHERE h.value_date <= b.last_on AND coalesce(h.is_lead, TRUE)
    UNION ALL
    SELECT
        NULL,
        h.contract_key,
        h.debtor_key,
        h.creditor_key,
        h.value_date,
        h.transaction_id
    FROM history_transfer_facts AS h
    INNER JOIN own_contracts AS c
        ON c.contract_key = h.contract_key AND c.creditor_key = h.creditor_key
    WHERE h.value_date <= c.last_on AND coalesce(h.is_lead, TRUE)
),

placed AS (
    SELECT
        t.end_buyer_key,
        NULL AS contract_key,
        t.debtor_key,
        t.creditor_key,
        t.value_date,
        t.transaction_id,
        TRUE AS is_current
    FROM timeline AS t
    WHERE t.end_buyer_key IS NOT NULL
    UNION ALL
    SELECT
        NULL,
        t.contract_key,
        t.debtor_key,
        t.creditor_key,
        t.value_date,
        t.transaction_id,
        TRUE
    FROM timeline AS t
    INNER JOIN own_contracts AS c
        ON c.contract_key = t.contract_key AND c.creditor_key = t.creditor_key
    UNION ALL
    SELECT
        s.end_buyer_key,
        s.contract_key,
        s.debtor_key,
        s.creditor_key,
        min(s.value_date),
        min_by(s.transaction_id, (s.value_date, s.transaction_id)),
        FALSE
    FROM stored AS s
    GROUP BY s.end_buyer_key, s.contract_key, s.debtor_key, s.creditor_key
),

keyed AS (
    SELECT
        p.transaction_id,
        p.value_date,
        p.debtor_key,
        p.creditor_key,
        p.is_current,
        CASE
            WHEN p.end_buyer_key IS NULL THEN 'contract'
            WHEN starts_with(p.end_buyer_key, 'TEXT:') THEN 'end_user_text'
            ELSE 'ultimate_debtor'
        END AS basis,
        coalesce(p.end_buyer_key, p.contract_key || '|' || p.creditor_key) AS buyer_key
    FROM placed AS p
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
    AND NOT regexp_matches(
        c.buyer_key,
        'WAREHOUSE|ANTREPO|DEPO|POST ?OFFICE|POSTA|TERMINAL|PORT|FREE ?ZONE|CUSTOMS|GUMRUK|BANK'
    )
