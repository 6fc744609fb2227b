-- A plain bank transfer stands in one payment with a customer transfer of the same amount, or its
-- own text speaks of customers, invoices or goods.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: transactions, texts, goods_facts, ref_indicators
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
    SELECT
        b.transaction_id,
        0.7 AS strength,
        'found' AS outcome,
        json_object(
            'customer_transfer', min(c.transaction_id),
            'reference', any_value(b.reference),
            'related_reference', any_value(b.related_reference)
        ) AS evidence
    FROM transactions AS b
    INNER JOIN (
        SELECT x.*
        FROM transactions AS x
        WHERE x.kind = 'customer_transfer'
        -- One reference on very many messages links nothing.
        QUALIFY count(*) OVER (PARTITION BY x.payment_id) <= 20
    ) AS c
        ON c.payment_id = b.payment_id
        AND c.currency = b.currency
        AND abs(c.amount - b.amount) <= 0.02 * b.amount
    WHERE b.kind = 'bank_transfer'
        AND b.is_counted
    GROUP BY b.transaction_id
    UNION ALL
    SELECT
        b.transaction_id,
        CASE WHEN any_value(g.transaction_id) IS NOT NULL THEN 0.7 ELSE 0.4 END,
        'found',
        json_object('field', min(x.field_path), 'text', min(x.text))
    FROM transactions AS b
    INNER JOIN texts AS x ON x.transaction_id = b.transaction_id
    LEFT JOIN goods_facts AS g ON g.transaction_id = b.transaction_id
    WHERE b.kind = 'bank_transfer'
        AND b.is_counted
        AND x.kind IN ('bank_to_bank_information', 'remittance_information')
        AND (
            regexp_matches(upper(x.text), '/(BNF|ORD|BENF|ULTB|ULTD|OCMT)/|\bINVOICE\b|\bPROFORMA\b')
            OR g.transaction_id IS NOT NULL
        )
    GROUP BY b.transaction_id
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EV-02'
