-- The snapshot in one row: what was read, what was refused, what a person must see.
--
-- makes: overview()
-- grain: one row
-- reads: messages, transactions, rejected, alerts, runs
WITH counted AS (
    SELECT
        count(*) AS transactions,
        count(*) FILTER (t.is_counted IS DISTINCT FROM false) AS payments,
        min(t.value_date) AS first_value_date,
        max(t.value_date) AS last_value_date
    FROM transactions AS t
),
alerted AS (
    SELECT
        count(*) AS alerts,
        count(*) FILTER (a.obligation) AS obligations,
        count(*) FILTER (a.status NOT IN ('confirmed', 'cleared')) AS undecided
    FROM alerts AS a
),
newest AS (
    SELECT
        count(*) AS runs,
        max(r.run_id) AS last_run_id,
        max_by(r.model_version, r.run_id) AS model_version,
        max_by(r.program_version, r.run_id) AS program_version
    FROM runs AS r
)
SELECT
    (SELECT count(*) FROM messages) AS messages,
    c.transactions,
    c.payments,
    (SELECT count(*) FROM rejected) AS rejected,
    a.alerts,
    a.obligations,
    a.undecided,
    c.first_value_date,
    c.last_value_date,
    n.runs,
    n.last_run_id,
    n.model_version,
    n.program_version
FROM counted AS c, alerted AS a, newest AS n
