-- A sample above and below the line, for people to judge: with the share of its stratum that was
-- drawn, so that what they decide can be weighed up to all payments.
--
-- makes: line_sample
-- grain: transaction_id
-- reads: judged, transactions, scores, sample_plan
--
-- Below the line half comes from the tenth of payments next to it. Obligations and what was
-- decided already are left out. The draw is a hash of transaction and seed: it can be repeated.
WITH open_ones AS (
    SELECT
        j.transaction_id,
        j.score,
        CASE
            WHEN j.score >= p.line THEN 'above'
            WHEN percent_rank() OVER (PARTITION BY j.score >= p.line ORDER BY j.margin) >= 0.9
                THEN 'just below'
            ELSE 'far below'
        END AS stratum,
        p.each,
        md5(concat(j.transaction_id, ' ', p.seed)) AS draw
    FROM judged AS j
    CROSS JOIN sample_plan AS p
    WHERE NOT j.obligation AND j.label IS NULL
),

drawn AS (
    SELECT
        o.*,
        row_number() OVER (PARTITION BY o.stratum ORDER BY o.draw, o.transaction_id) AS place,
        count(*) OVER (PARTITION BY o.stratum) AS stratum_size,
        CASE WHEN o.stratum = 'above' THEN o.each ELSE (o.each + 1) // 2 END AS wanted
    FROM open_ones AS o
)

SELECT
    d.transaction_id,
    t.reference,
    t.uetr,
    t.value_date,
    t.amount_usd,
    concat(coalesce(t.debtor_country, '?'), ' > ', coalesce(t.creditor_country, '?')) AS corridor,
    d.stratum,
    d.score,
    s.reasons[1].words AS strongest_reason,
    least(d.wanted, d.stratum_size) / d.stratum_size AS inclusion,
    NULL::INTEGER AS label
FROM drawn AS d
INNER JOIN transactions AS t ON t.transaction_id = d.transaction_id
INNER JOIN scores AS s ON s.transaction_id = d.transaction_id
WHERE d.place <= d.wanted
