-- What the messages of one payment say differently of a customer: another name, account or country,
-- or a cover that leaves the name out. Payment and cover, or leg and leg.
--
-- makes: message_differences
-- grain: transaction_id, side, name, account, country
-- reads: transactions, parties
WITH sides AS (
    SELECT
        t.transaction_id,
        t.payment_id,
        t.kind,
        t.currency,
        t.amount,
        s.side,
        s.name,
        nullif(regexp_replace(upper(s.account), '[^A-Z0-9]', '', 'g'), '') AS account,
        list_distinct(
            string_split(
                trim(regexp_replace(upper(strip_accents(s.name)), '[^\p{L}\p{N}]+', ' ', 'g')), ' '
            )
        ) AS words
    FROM transactions AS t
    CROSS JOIN LATERAL (
        SELECT 'debtor' AS side, t.debtor_name AS name, t.debtor_account AS account
        UNION ALL
        SELECT 'creditor', t.creditor_name, t.creditor_account
    ) AS s
    WHERE t.kind IN ('customer_transfer', 'cover')
        AND t.is_counted
        AND t.payment_id IS NOT NULL
        -- A bank's code in a name's place says nothing of the customer.
        AND NOT coalesce(regexp_matches(s.name, '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$'), FALSE)
    -- A message alone differs from none; one reference on very many messages links nothing.
    QUALIFY count(*) OVER (PARTITION BY t.payment_id, s.side) BETWEEN 2 AND 20
),

countries AS (
    SELECT
        p.transaction_id,
        p.role AS side,
        any_value(p.country) AS country
    FROM parties AS p
    SEMI JOIN sides AS s ON s.transaction_id = p.transaction_id AND s.side = p.role
    -- Where a customer lives; a country that its account or bank gave may be another.
    WHERE p.country_source IN ('structured', 'line_3', 'address_text')
    GROUP BY p.transaction_id, p.role
    HAVING count(*) = 1
),

named AS (
    SELECT
        s.*,
        c.country
    FROM sides AS s
    LEFT JOIN countries AS c ON c.transaction_id = s.transaction_id AND c.side = s.side
),

met AS (
    SELECT
        a.transaction_id,
        a.side,
        a.name,
        a.account,
        a.country,
        b.country AS other_country,
        b.transaction_id AS other_transaction,
        b.kind AS other_kind,
        b.name AS other_name,
        b.account AS other_account,
        len(list_intersect(a.words, b.words)) < 0.5 * least(len(a.words), len(b.words))
            AS is_other_name,
        a.name IS NULL AND b.name IS NOT NULL AND a.kind = 'cover' AND b.kind <> 'cover'
            AS is_name_missing,
        a.country <> b.country AS is_other_country,
        -- A national number inside an IBAN is the same account.
        NOT contains(a.account, b.account) AND NOT contains(b.account, a.account)
            AS is_other_account
    FROM named AS a
    INNER JOIN named AS b
        ON b.payment_id = a.payment_id
        AND b.side = a.side
        AND b.transaction_id <> a.transaction_id
        -- Two amounts are two deals, whatever identifier they share.
        AND b.currency = a.currency
        AND abs(b.amount - a.amount) <= 0.02 * a.amount
)

SELECT
    m.transaction_id,
    m.side,
    m.name,
    m.account,
    m.country,
    CASE
        WHEN bool_or(m.is_other_name) THEN 0.8
        WHEN bool_or(m.is_name_missing) THEN 0.7
        WHEN bool_or(m.is_other_country) THEN 0.6
        ELSE 0.5
    END AS strength,
    min(m.other_name) AS other_name,
    min(m.other_account) AS other_account,
    min(m.other_country) AS other_country,
    min(m.other_transaction) AS other_transaction,
    min(m.other_kind) AS other_kind
FROM met AS m
WHERE coalesce(m.is_other_name, FALSE)
    OR coalesce(m.is_other_account, FALSE)
    OR coalesce(m.is_other_country, FALSE)
    OR m.is_name_missing
GROUP BY m.transaction_id, m.side, m.name, m.account, m.country
