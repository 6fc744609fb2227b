-- How many transfers a run and the one that took its place hold, and a sum over what they say but for
-- what the lists say: one row if both are the same, two if they differ in more than that.
--
-- makes: history_apart
-- grain: transfers, said
-- reads: transfer_facts, was_transfer_facts
--
-- A sum of 64-bit hashes: to compare each column of each transfer costs eight times as much.
SELECT
    count(*) AS transfers,
    sum(hash(n)) AS said
FROM (
    SELECT f.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
    FROM transfer_facts AS f
) AS n
UNION
SELECT
    count(*) AS transfers,
    sum(hash(w)) AS said
FROM (
    SELECT f.* EXCLUDE (has_listed_party, is_owned_by_blocked, band)
    FROM was_transfer_facts AS f
) AS w
