-- What a piece of a good costs beside what others paid for the same good before.
--
-- makes: feature_price
-- grain: transaction_id
-- reads: piece_prices, history_piece_prices
--
-- Peers are earlier payments, of this run and of stored ones, that name the good in the same
-- words; under five of them there is no usual price. Beyond ten times the usual price the number
-- of pieces was cut or misread, and the price is not known.
WITH peers AS (
    SELECT
        p.payment_id,
        p.transaction_id,
        p.good,
        p.value_date,
        p.unit_usd
    FROM piece_prices AS p
    UNION ALL
    SELECT
        h.payment_id,
        h.transaction_id,
        h.good,
        h.value_date,
        h.unit_usd
    FROM history_piece_prices AS h
    WHERE h.good IN (SELECT p.good FROM piece_prices AS p)
),

-- A payment counts once among the peers, whatever messages carry it.
once AS (
    SELECT p.*
    FROM peers AS p
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
    FROM once AS p
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
FROM piece_prices AS p
INNER JOIN usual_days AS u ON u.good = p.good AND u.value_date = p.value_date
WHERE u.peers >= 5 AND u.usual_usd > 0
GROUP BY p.transaction_id
