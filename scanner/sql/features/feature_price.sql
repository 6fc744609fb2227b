-- What a piece of a good costs beside what others paid for the same good before.
--
-- makes: feature_price
-- grain: transaction_id
-- reads: piece_prices, history_piece_prices
--
-- Peers are earlier payments, of this run and of stored ones, that name the good in the same
-- words; under five of them there is no usual price. Beyond ten times the usual price the number
-- of pieces was cut or misread, and the price is not known.
WITH asked AS (
    SELECT DISTINCT
        p.good,
        p.value_date
    FROM piece_prices AS p
),

peers AS (
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
    WHERE h.good IN (SELECT a.good FROM asked AS a)
        AND h.value_date >= (SELECT min(a.value_date) - 365 FROM asked AS a)
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
        a.good,
        a.value_date,
        count(*) AS peers,
        median(o.unit_usd) AS usual_usd
    FROM asked AS a
    INNER JOIN once AS o
        ON o.good = a.good AND o.value_date BETWEEN a.value_date - 365 AND a.value_date - 1
    GROUP BY a.good, a.value_date
)

SELECT
    p.transaction_id,
    max(p.unit_usd / u.usual_usd) FILTER (p.unit_usd <= 10 * u.usual_usd) AS unit_price_ratio
FROM piece_prices AS p
INNER JOIN usual AS u ON u.good = p.good AND u.value_date = p.value_date
WHERE u.peers >= 5 AND u.usual_usd > 0
GROUP BY p.transaction_id
