-- What had been refused for compliance between the same parties, and how it comes again.
--
-- makes: feature_refused
-- grain: transaction_id
-- reads: transactions, refusals, resubmissions
--
-- The same pair by account, or by name where there is no account, within the 60 days before.
WITH refused AS (
    SELECT
        coalesce(r.debtor_account, r.debtor_name_key) AS debtor_key,
        coalesce(r.creditor_account, r.creditor_name_key) AS creditor_key,
        r.refused_on,
        r.currency,
        r.payment_id
    FROM refusals AS r
    WHERE r.reason_class = 'compliance' AND r.kind IN ('reject', 'return')
),

keyed AS (
    SELECT
        t.transaction_id,
        t.payment_id,
        t.value_date,
        t.currency,
        coalesce(
            t.debtor_account,
            trim(regexp_replace(upper(strip_accents(t.debtor_name)), '[^\p{L}\p{N}]+', ' ', 'g'))
        ) AS debtor_key,
        coalesce(
            t.creditor_account,
            trim(regexp_replace(upper(strip_accents(t.creditor_name)), '[^\p{L}\p{N}]+', ' ', 'g'))
        ) AS creditor_key
    FROM transactions AS t
    WHERE t.value_date IS NOT NULL
),

of_pair AS (
    SELECT
        k.transaction_id,
        count(DISTINCT r.payment_id) AS pair_refused_60d,
        bool_or(r.currency != k.currency) AS other_currency
    FROM keyed AS k
    INNER JOIN refused AS r
        ON r.debtor_key = k.debtor_key
        AND r.creditor_key = k.creditor_key
        AND r.refused_on BETWEEN k.value_date - 60 AND k.value_date
        AND r.payment_id IS DISTINCT FROM k.payment_id
    GROUP BY k.transaction_id
),

again AS (
    SELECT
        s.transaction_id,
        bool_or(s.is_name_shortened OR s.is_country_removed) AS with_less,
        bool_or(s.is_other_currency) AS other_currency
    FROM resubmissions AS s
    WHERE s.reason_class = 'compliance'
    GROUP BY s.transaction_id
)

SELECT
    coalesce(p.transaction_id, a.transaction_id) AS transaction_id,
    coalesce(p.pair_refused_60d, 0) AS pair_refused_60d,
    coalesce(p.other_currency, FALSE) OR coalesce(a.other_currency, FALSE) AS currency_after_refusal,
    coalesce(a.with_less, FALSE) AS resent_with_less
FROM of_pair AS p
FULL OUTER JOIN again AS a ON a.transaction_id = p.transaction_id
