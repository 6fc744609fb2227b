-- What could not be read, as it was rejected, with the place of the excerpt in this run.
--
-- makes: made_rejected
-- grain: rejected_id
-- reads: was_rejected, run
SELECT
    w.* REPLACE (
        concat('runs/', r.run_id, '/rejected/', w.rejected_id, '.bin') AS excerpt_location
    )
FROM was_rejected AS w
CROSS JOIN run AS r
