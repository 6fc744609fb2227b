-- One narrow row per counted transfer: what this run's and later runs' histories need of it.
--
-- makes: transfer_facts
-- grain: transaction_id
-- reads: transactions, payments, parties, texts, transaction_banks, customer_facts, goods_facts,
-- nexus_summary, hit_facts, owned_party_facts, listed_bank_facts
--
-- A party's key is its account, else its name and country. Its hash, 64 bits of MD5, is what histories
-- compare: two keys among a hundred million are alike by chance once in four thousand archives. Of all transfers of one
-- payment only the lead counts in histories, so that a cover is no second payment.
WITH banks AS (
    SELECT
        b.transaction_id,
        list_sort(list(b.bic8)) AS agent_bic8s
    FROM transaction_banks AS b
    GROUP BY b.transaction_id
),

customer AS (
    SELECT
        c.transaction_id,
        min_by(c.customer_id, c.side) AS customer_id
    FROM customer_facts AS c
    GROUP BY c.transaction_id
),

listed AS (
    SELECT h.transaction_id
    FROM hit_facts AS h
    WHERE h.is_strong
        AND h.measure = 'blocking'
        AND NOT h.is_delisted
        AND h.text_kind IS NULL
        AND h.match_kind <> 'address'
    UNION
    SELECT l.transaction_id
    FROM listed_bank_facts AS l
    WHERE l.measure IN ('blocking', 'correspondent_account')
),

owned AS (
    SELECT DISTINCT o.transaction_id
    FROM owned_party_facts AS o
    WHERE o.is_strong AND o.is_blocked
),

ultimate AS (
    SELECT
        p.transaction_id,
        min_by(
            coalesce(
                nullif(regexp_replace(upper(p.identifier), '[^A-Z0-9:]', '', 'g'), ''),
                nullif(
                    trim(
                        regexp_replace(upper(strip_accents(p.name)), '[^\p{L}\p{N}]+', ' ', 'g')
                    ),
                    ''
                )
            ),
            p.ordinal
        ) AS end_buyer_key
    FROM parties AS p
    WHERE p.role = 'ultimate_debtor'
    GROUP BY p.transaction_id
),

remittance AS (
    SELECT
        x.transaction_id,
        string_agg(x.text, ' ' ORDER BY x.kind, x.ordinal) AS words
    FROM texts AS x
    WHERE x.kind IN ('remittance_information', 'goods_description')
    GROUP BY x.transaction_id
),

keyed AS (
    SELECT
        t.*,
        nullif(regexp_replace(upper(t.debtor_account), '[^A-Z0-9]', '', 'g'), '') AS debtor_acc,
        nullif(regexp_replace(upper(t.creditor_account), '[^A-Z0-9]', '', 'g'), '') AS creditor_acc,
        nullif(
            trim(regexp_replace(upper(strip_accents(t.debtor_name)), '[^\p{L}\p{N}]+', ' ', 'g')), ''
        ) AS debtor_norm,
        nullif(
            trim(regexp_replace(upper(strip_accents(t.creditor_name)), '[^\p{L}\p{N}]+', ' ', 'g')),
            ''
        ) AS creditor_norm
    FROM transactions AS t
    WHERE t.is_counted
)

SELECT
    k.transaction_id,
    k.payment_id,
    k.value_date,
    k.kind,
    k.message_type,
    k.currency,
    k.amount_usd::DOUBLE AS amount_usd,
    coalesce(k.debtor_acc, k.debtor_norm || '|' || coalesce(k.debtor_country, '')) AS debtor_key,
    coalesce(k.creditor_acc, k.creditor_norm || '|' || coalesce(k.creditor_country, ''))
        AS creditor_key,
    k.debtor_norm AS debtor_name_key,
    k.creditor_norm AS creditor_name_key,
    k.debtor_country,
    k.creditor_country,
    c.customer_id,
    left(upper(k.debtor_agent_bic), 8) AS debtor_agent_bic8,
    left(upper(k.creditor_agent_bic), 8) AS creditor_agent_bic8,
    left(upper(k.sender_bic), 8) AS sender_bic8,
    left(upper(k.receiver_bic), 8) AS receiver_bic8,
    b.agent_bic8s,
    g.chpl_tier,
    g.item_category,
    coalesce(n.weight >= 0.6, FALSE) AS has_russia_nexus,
    l.transaction_id IS NOT NULL AS has_listed_party,
    k.reason_class,
    md5(regexp_replace(upper(strip_accents(r.words)), '[^\p{L}]+', ' ', 'g')) AS text_key,
    coalesce(p.lead_transaction_id = k.transaction_id, TRUE) AS is_lead,
    o.transaction_id IS NOT NULL AS is_owned_by_blocked,
    coalesce(
        u.end_buyer_key,
        'TEXT:' || nullif(
            left(
                regexp_replace(
                    regexp_replace(
                        regexp_extract(
                            -- MT lines break inside words.
                            replace(upper(strip_accents(r.words)), chr(10), ''),
                            '(?:END[ -]?USERS?|ULTIMATE CONSIGNEE|FINAL CONSIGNEE|CONSIGNEE|SON KULLANICI)'
                            '[ .:/]*([^,;/:]{4,60})',
                            1
                        ),
                        -- What follows the name, such as the number of an invoice, is no part of it.
                        '(CERTIFICATE|STATEMENT|PROFORMA|INVOICE|CONTRACT|AGREEMENT| INV | HS ).*',
                        ''
                    ),
                    '[^\p{L}\p{N}]',
                    '',
                    'g'
                ),
                24
            ),
            ''
        )
    ) AS end_buyer_key,
    nullif(
        regexp_extract(
            upper(strip_accents(r.words)),
            '(?:CONTRACT|CONTR|INVOICE|INV|PROFORMA|AGREEMENT|SOZLESME|FATURA|DOGOVOR|KONTRAKT)'
            '[ .:#/]*(?:NO|NR|N)?[ .:#/]*([A-Z0-9][A-Z0-9/-]{2,19})',
            1
        ),
        ''
    ) AS contract_key,
    md5_number_lower(k.payment_id) AS payment_hash,
    md5_number_lower(debtor_key) AS debtor_hash,
    md5_number_lower(creditor_key) AS creditor_hash,
    md5_number_lower(k.debtor_norm) AS debtor_name_hash,
    -- A short number is no contract: "1" and "2024" are everybody's.
    CASE
        WHEN length(contract_key) >= 5 AND regexp_matches(contract_key, '[0-9]')
            THEN md5_number_lower(contract_key || '|' || creditor_key)
    END AS contract_hash
FROM keyed AS k
LEFT JOIN payments AS p ON p.payment_id = k.payment_id
LEFT JOIN banks AS b ON b.transaction_id = k.transaction_id
LEFT JOIN customer AS c ON c.transaction_id = k.transaction_id
LEFT JOIN goods_facts AS g ON g.transaction_id = k.transaction_id
LEFT JOIN nexus_summary AS n ON n.transaction_id = k.transaction_id
LEFT JOIN listed AS l ON l.transaction_id = k.transaction_id
LEFT JOIN owned AS o ON o.transaction_id = k.transaction_id
LEFT JOIN ultimate AS u ON u.transaction_id = k.transaction_id
LEFT JOIN remittance AS r ON r.transaction_id = k.transaction_id
