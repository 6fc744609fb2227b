-- What could not be read, as it was rejected; where this run keeps the excerpt comes later.
--
-- makes: made_rejected
-- grain: rejected_id
-- reads: was_rejected
SELECT w.* REPLACE (NULL AS excerpt_location)
FROM was_rejected AS w
