-- How far back the stored payments go: what happened before the first of them is not assessable.
--
-- makes: history_reach
-- grain: first_day
-- reads: transfer_facts, history_transfer_facts
SELECT min(d.value_date) AS first_day
FROM (
    SELECT f.value_date
    FROM transfer_facts AS f
    UNION ALL
    SELECT h.value_date
    FROM history_transfer_facts AS h
) AS d
