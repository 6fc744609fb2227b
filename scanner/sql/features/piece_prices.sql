-- What a piece of a good costs, where a text names the good and the number of pieces beside it.
--
-- makes: piece_prices
-- grain: transaction_id, good
-- reads: transactions, texts, goods_found
WITH counted AS (
    SELECT
        t.transaction_id,
        t.payment_id,
        t.value_date,
        t.amount_usd::DOUBLE AS amount_usd,
        upper(g.matched_text) AS good,
        try_cast(
            replace(
                regexp_extract(
                    upper(x.text),
                    '([0-9][0-9,]{0,9}) ?(?:PCS|PIECES|PC|ADET|SHT|UNITS|EA)\b',
                    1
                ),
                ',',
                ''
            ) AS DOUBLE
        ) AS pieces
    FROM goods_found AS g
    INNER JOIN transactions AS t ON t.transaction_id = g.transaction_id
    INNER JOIN texts AS x ON x.transaction_id = g.transaction_id AND x.field_path = g.field_path
    WHERE t.amount_usd > 0 AND t.value_date IS NOT NULL
)

SELECT
    c.transaction_id,
    any_value(c.payment_id) AS payment_id,
    any_value(c.value_date) AS value_date,
    c.good,
    max(c.amount_usd / c.pieces) AS unit_usd
FROM counted AS c
WHERE c.pieces > 0
GROUP BY c.transaction_id, c.good
