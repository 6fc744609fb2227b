-- Decisions by outcome: how many alerts stand where, how many of them a hard rule raised, and how
-- many were cleared by two people.
--
-- makes: decisions_summary()
-- grain: status
-- reads: alerts, decisions
WITH people AS (
    SELECT
        d.alert_id,
        count(DISTINCT lower(trim(d.decided_by)))
            FILTER (d.action IN ('clear', 'approve')) AS clearing_people
    FROM decisions AS d
    GROUP BY d.alert_id
)
SELECT
    a.status,
    count(*) AS alerts,
    count(*) FILTER (a.obligation) AS obligations,
    count(*) FILTER (a.obligation AND p.clearing_people >= 2) AS obligations_by_two_people,
    sum(a.amount_usd) AS value_usd,
    min(a.decided_at_utc) AS first_act_utc,
    max(a.decided_at_utc) AS last_act_utc
FROM alerts AS a
LEFT JOIN people AS p USING (alert_id)
GROUP BY a.status
ORDER BY a.status
