-- What a piece of a good costs beside what others paid for the same good before.
--
-- makes: feature_price
-- grain: transaction_id
-- reads: transactions, texts, goods_found
--
-- Peers are earlier payments of this run that name the good in the same words; under five of
-- them there is no usual price. Pieces are read beside the good, in the same text; beyond ten
-- times the usual price the number of pieces was cut or misread, and the price is not known.
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
),

priced AS (
    SELECT
        c.transaction_id,
        c.good,
        any_value(c.value_date) AS value_date,
        any_value(c.payment_id) AS payment_id,
        max(c.amount_usd / c.pieces) AS unit_usd
    FROM counted AS c
    WHERE c.pieces > 0
    GROUP BY c.transaction_id, c.good
),

-- A payment counts once among the peers, whatever messages carry it.
peers AS (
    SELECT p.*
    FROM priced AS p
    QUALIFY row_number() OVER (
        PARTITION BY coalesce(p.payment_id, p.transaction_id), p.good ORDER BY p.transaction_id
    ) = 1
),

usual AS (
    SELECT
        p.good,
        p.value_date,
        count(*) OVER before_it AS peers,
        median(p.unit_usd) OVER before_it AS usual_usd
    FROM peers AS p
    WINDOW before_it AS (
        PARTITION BY p.good
        ORDER BY p.value_date
        RANGE BETWEEN INTERVAL 365 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING
    )
),

usual_days AS (
    SELECT
        u.good,
        u.value_date,
        any_value(u.peers) AS peers,
        any_value(u.usual_usd) AS usual_usd
    FROM usual AS u
    GROUP BY u.good, u.value_date
)

SELECT
    p.transaction_id,
    max(p.unit_usd / u.usual_usd) FILTER (p.unit_usd <= 10 * u.usual_usd) AS unit_price_ratio
FROM priced AS p
INNER JOIN usual_days AS u ON u.good = p.good AND u.value_date = p.value_date
WHERE u.peers >= 5 AND u.usual_usd > 0
GROUP BY p.transaction_id
