-- The snapshot in one row: what was read, what was refused, what a person must see.
--
-- makes: overview()
-- grain: one row
-- reads: messages, transactions, rejected, alerts, runs
SELECT
    (SELECT count(*) FROM messages) AS messages,
    (SELECT count(*) FROM transactions) AS transactions,
    (SELECT count(*) FROM transactions WHERE is_counted IS DISTINCT FROM false) AS payments,
    (SELECT count(*) FROM rejected) AS rejected,
    (SELECT count(*) FROM alerts) AS alerts,
    (SELECT count(*) FROM alerts WHERE obligation) AS obligations,
    (SELECT count(*) FROM alerts WHERE status NOT IN ('confirmed', 'cleared')) AS undecided,
    (SELECT min(value_date) FROM transactions) AS first_value_date,
    (SELECT max(value_date) FROM transactions) AS last_value_date,
    (SELECT count(*) FROM runs) AS runs,
    (SELECT max(run_id) FROM runs) AS last_run_id,
    (SELECT max_by(model_version, run_id) FROM runs) AS model_version,
    (SELECT max_by(program_version, run_id) FROM runs) AS program_version
