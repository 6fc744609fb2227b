-- What each line would have done with the stored payments: alerts, decided ones, positives caught.
--
-- makes: line_counts
-- grain: position
-- reads: lines, judged
--
-- Obligations stand apart: they alert whatever the line is. Days are those with a payment.
WITH span AS (
    SELECT
        count(DISTINCT j.value_date) AS days,
        count(*) AS payments,
        count(*) FILTER (j.obligation) AS obligations
    FROM judged AS j
),

free AS (
    SELECT
        j.score,
        j.label,
        j.weight
    FROM judged AS j
    WHERE NOT j.obligation
),

counted AS (
    SELECT
        l.position,
        count(*) FILTER (f.score >= l.threshold) AS alerts,
        count(*) FILTER (f.score >= l.threshold AND f.label IS NOT NULL) AS decided,
        count(*) FILTER (f.score >= l.threshold AND f.label = 1) AS confirmed,
        count(*) FILTER (f.label = 1) AS positives,
        coalesce(sum(f.weight) FILTER (f.score >= l.threshold AND f.label = 1), 0) AS caught_weight,
        coalesce(sum(f.weight) FILTER (f.label = 1), 0) AS positive_weight
    FROM lines AS l
    LEFT JOIN free AS f ON TRUE
    GROUP BY l.position
)

SELECT
    l.position,
    l.rule,
    l.threshold,
    c.alerts,
    c.alerts / greatest(s.days, 1) AS alerts_per_day,
    c.alerts / greatest(s.payments, 1) AS share_of_payments,
    s.obligations / greatest(s.days, 1) AS obligations_per_day,
    c.decided,
    c.confirmed,
    c.confirmed / nullif(c.decided, 0) AS precision,
    c.positives,
    c.caught_weight / nullif(c.positive_weight, 0) AS recall
FROM lines AS l
INNER JOIN counted AS c ON c.position = l.position
CROSS JOIN span AS s
