-- Two messages of one payment name different customers: payment and cover, or leg and leg.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: transactions, ref_indicators
SELECT
    f.transaction_id,
    i.code,
    i.level,
    i.limb,
    f.strength::DOUBLE AS strength,
    f.outcome,
    f.evidence::VARCHAR AS evidence,
    i.source
FROM (
    WITH named AS (
        SELECT
            t.transaction_id,
            t.payment_id,
            t.kind,
            t.currency,
            t.amount,
            s.side,
            s.name,
            list_distinct(
                string_split(
                    trim(regexp_replace(upper(strip_accents(s.name)), '[^\p{L}\p{N}]+', ' ', 'g')), ' '
                )
            ) AS words
        FROM transactions AS t
        CROSS JOIN LATERAL (
            SELECT 'debtor' AS side, t.debtor_name AS name
            UNION ALL
            SELECT 'creditor', t.creditor_name
        ) AS s
        WHERE t.kind IN ('customer_transfer', 'cover')
            AND t.is_counted
            AND t.payment_id IS NOT NULL
            AND s.name IS NOT NULL
            -- A bank's code in a name's place says nothing of the customer.
            AND NOT regexp_matches(s.name, '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$')
        -- One reference on very many messages links nothing; their names are not compared.
        QUALIFY count(*) OVER (PARTITION BY t.payment_id, s.side) <= 20
    )

    SELECT
        a.transaction_id,
        0.8 AS strength,
        'found' AS outcome,
        json_object(
            'side', a.side,
            'here', a.name,
            'there', min(b.name),
            'other_transaction', min(b.transaction_id),
            'other_kind', min(b.kind)
        ) AS evidence
    FROM named AS a
    INNER JOIN named AS b
        ON b.payment_id = a.payment_id
        AND b.side = a.side
        AND b.transaction_id <> a.transaction_id
        -- Two amounts are two deals, whatever identifier they share.
        AND b.currency = a.currency
        AND abs(b.amount - a.amount) <= 0.02 * a.amount
    WHERE len(list_intersect(a.words, b.words)) < 0.5 * least(len(a.words), len(b.words))
    GROUP BY a.transaction_id, a.side, a.name
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EV-01'
