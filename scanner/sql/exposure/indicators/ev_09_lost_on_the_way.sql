-- A bank forwards a payment without the ultimate party, the payer's name or the text that it received
-- with it, though both messages are of one standard and could carry it.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: transactions, parties, texts, ref_indicators
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
    WITH legs AS (
        SELECT
            t.transaction_id,
            t.payment_id,
            left(t.message_type, 2) AS standard,
            left(t.sender_bic, 8) AS sender,
            left(t.receiver_bic, 8) AS receiver,
            t.currency,
            t.amount
        FROM transactions AS t
        WHERE t.kind = 'customer_transfer'
            AND t.is_counted
        -- One reference on very many messages links nothing.
        QUALIFY count(*) OVER (PARTITION BY t.payment_id) <= 20
    ),

    forwarded AS (
        SELECT
            a.transaction_id AS received,
            b.transaction_id AS sent
        FROM legs AS a
        INNER JOIN legs AS b
            ON b.payment_id = a.payment_id
            AND b.sender = a.receiver
            AND b.standard = a.standard
            AND b.transaction_id <> a.transaction_id
            AND b.currency = a.currency
            AND abs(b.amount - a.amount) <= 0.02 * a.amount
    ),

    carried AS (
        SELECT
            p.transaction_id,
            p.role AS what
        FROM parties AS p
        WHERE p.role IN ('debtor', 'creditor', 'ultimate_debtor', 'ultimate_creditor')
            AND p.name IS NOT NULL
        UNION
        SELECT
            x.transaction_id,
            x.kind
        FROM texts AS x
        WHERE x.kind = 'remittance_information'
    )

    SELECT
        w.sent AS transaction_id,
        0.7 AS strength,
        'found' AS outcome,
        json_object(
            'received_as', w.received,
            'lost', list(c.what ORDER BY c.what)
        ) AS evidence
    FROM forwarded AS w
    INNER JOIN carried AS c ON c.transaction_id = w.received
    LEFT JOIN carried AS s ON s.transaction_id = w.sent AND s.what = c.what
    WHERE s.what IS NULL
    GROUP BY w.sent, w.received
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EV-09'
