-- A customer was formed after 2022-02-24 and pays or is paid within a year of it, across a
-- diversion corridor.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: customer_facts, transactions, corridor_facts, ref_indicators
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
        c.transaction_id,
        CASE WHEN t.value_date - c.incorporated_on < 90 THEN 0.5 ELSE 0.3 END AS strength,
        'found' AS outcome,
        json_object(
            'customer', c.customer_id,
            'side', c.side,
            'incorporated_on', c.incorporated_on,
            'days_since_incorporation', t.value_date - c.incorporated_on
        ) AS evidence
    FROM customer_facts AS c
    INNER JOIN transactions AS t ON t.transaction_id = c.transaction_id
    INNER JOIN corridor_facts AS r ON r.transaction_id = c.transaction_id
    WHERE c.incorporated_on > DATE '2022-02-24'
        AND t.value_date - c.incorporated_on BETWEEN 0 AND 364
        AND r.is_diversion
        AND r.is_cross_border
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EX-05'
