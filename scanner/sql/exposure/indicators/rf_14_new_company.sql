-- Priority or determined goods, and a customer outside the coalition that was formed after
-- 2022-02-24; not assessable where the goods are there but no customer data.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: goods_facts, corridor_facts, customer_facts, transactions, ref_gecc_members, ref_indicators
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
        g.transaction_id,
        CASE WHEN t.value_date - c.incorporated_on < 365 THEN 0.8 ELSE 0.6 END AS strength,
        'found' AS outcome,
        json_object(
            'customer', c.customer_id,
            'side', c.side,
            'country', c.country,
            'incorporated_on', c.incorporated_on,
            'days_since_incorporation', t.value_date - c.incorporated_on,
            'goods', g.goods
        ) AS evidence
    FROM goods_facts AS g
    INNER JOIN transactions AS t ON t.transaction_id = g.transaction_id
    INNER JOIN customer_facts AS c ON c.transaction_id = g.transaction_id
    WHERE c.incorporated_on > DATE '2022-02-24'
        AND c.incorporated_on <= t.value_date
        AND c.country NOT IN (SELECT m.iso2 FROM ref_gecc_members AS m)
    UNION ALL
    SELECT
        g.transaction_id,
        0.0,
        'not_assessable',
        json_object('reason', 'no customer with a date of incorporation is known for it')
    FROM goods_facts AS g
    INNER JOIN corridor_facts AS r ON r.transaction_id = g.transaction_id
    WHERE (r.is_debtor_outside_coalition OR r.is_creditor_outside_coalition)
        AND g.transaction_id NOT IN (
        SELECT c.transaction_id
        FROM customer_facts AS c
        WHERE c.incorporated_on IS NOT NULL
    )
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-14'
