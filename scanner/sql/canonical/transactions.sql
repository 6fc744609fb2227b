-- Every transaction with its payment, its value in US dollars, the class of a reject's
-- reason, and whether it counts as money.
--
-- makes: transactions
-- grain: transaction_id
-- reads: read_transactions, messages, transaction_payment, ref_fx_rates
--
-- The rate is the latest one of its currency on or before the value date. Reason
-- codes are those of the ISO 20022 external code sets; since November 2026 an
-- address that is not structured is a daily cause of rejects and no sign of evasion.
WITH rates AS (
    SELECT
        f.currency,
        f.valid_from::DATE AS valid_from,
        f.usd_per_unit::DOUBLE AS usd_per_unit
    FROM ref_fx_rates AS f
),

dated AS (
    SELECT
        r.* EXCLUDE (payment_id, amount_usd, reason_class, is_counted),
        coalesce(r.value_date, m.created_on, DATE '2026-01-01') AS rate_date,
        m.duplicate_of,
        m.is_test,
        m.is_acknowledged,
        upper(coalesce(r.reason_text, '')) AS reason_upper
    FROM read_transactions AS r
    INNER JOIN messages AS m ON m.message_id = r.message_id
)

SELECT
    d.* EXCLUDE (rate_date, duplicate_of, is_test, is_acknowledged, reason_upper),
    p.payment_id,
    (d.amount * x.usd_per_unit)::DECIMAL(28, 2) AS amount_usd,
    CASE
        WHEN d.reason_code IS NULL AND d.reason_text IS NULL THEN NULL
        WHEN d.reason_code IN ('RR04', 'LEGL', 'AG07', 'FRAD') THEN 'compliance'
        WHEN regexp_matches(
            d.reason_upper,
            'OFAC|SANCTION|COMPLIANCE|REGULATORY|EMBARGO|BLOCKED|FROZEN|LICEN[CS]E|RESTRICTED PARTY'
        ) THEN 'compliance'
        WHEN d.reason_code IN ('RR01', 'RR02', 'RR03', 'BE04', 'BE07', 'BE10', 'BE11')
            OR regexp_matches(d.reason_upper, 'ADDRESS|TOWN|POST ?CODE|COUNTRY MISSING')
            THEN 'address_format'
        WHEN d.reason_code IN ('CUST', 'DUPL', 'MD06', 'UPAY') THEN 'customer'
        WHEN d.reason_code IS NOT NULL THEN 'technical'
        ELSE 'unclear'
    END AS reason_class,
    d.duplicate_of IS NULL
    AND NOT coalesce(d.is_test, FALSE)
    AND coalesce(d.is_acknowledged, TRUE)
    AND d.kind IN (
        'customer_transfer', 'bank_transfer', 'cover', 'direct_debit', 'cheque', 'letter_of_credit',
        'guarantee'
    ) AS is_counted
FROM dated AS d
INNER JOIN transaction_payment AS p ON p.transaction_id = d.transaction_id
ASOF LEFT JOIN rates AS x ON x.currency = d.currency AND d.rate_date >= x.valid_from
