-- How a version's line would have done: over all days, by month and by message era.
--
-- makes: backtest_slices
-- grain: slice
-- reads: judged, line
--
-- Obligations of that day stand apart. Lead days count from the payment to the later listing.
WITH sliced AS (
    SELECT
        j.*,
        unnest([
            'all',
            coalesce(strftime(j.value_date, '%Y-%m'), 'no value date'),
            CASE WHEN contains(j.message_type, '.') THEN 'MX' ELSE 'MT' END
        ]) AS slice,
        j.score >= l.threshold AND NOT j.obligation AS is_alert,
        NOT j.obligation AND j.label IS NOT NULL AS is_decided,
        NOT j.obligation AND j.label = 1 AS is_positive,
        NOT j.obligation AND j.listed_later_on IS NOT NULL AS is_listed_later
    FROM judged AS j
    CROSS JOIN line AS l
)

SELECT
    s.slice,
    count(DISTINCT s.value_date) AS days,
    count(*) AS payments,
    count(*) FILTER (s.obligation) AS obligations,
    count(*) FILTER (s.is_alert) AS alerts,
    count(*) FILTER (s.is_alert) / greatest(count(DISTINCT s.value_date), 1) AS alerts_per_day,
    count(*) FILTER (s.is_alert AND s.is_decided) AS decided,
    count(*) FILTER (s.is_alert AND s.is_positive)
    / nullif(count(*) FILTER (s.is_alert AND s.is_decided), 0) AS precision,
    count(*) FILTER (s.is_positive) AS confirmed,
    count(*) FILTER (s.is_alert AND s.is_positive) AS confirmed_caught,
    sum(s.weight) FILTER (s.is_alert AND s.is_positive)
    / sum(s.weight) FILTER (s.is_positive) AS confirmed_recall_weighted,
    count(*) FILTER (s.is_listed_later) AS listed_later,
    count(*) FILTER (s.is_alert AND s.is_listed_later) AS listed_later_caught,
    median(s.listed_later_on - s.value_date) FILTER (s.is_alert AND s.is_listed_later)
        AS median_lead_days
FROM sliced AS s
GROUP BY s.slice
