-- How names, BICs, identifiers and addresses met the lists: hits and transactions by list, kind
-- and band of the hit's score, and how many were suppressed or listed only later.
--
-- makes: hits_by_kind()
-- grain: list, match_kind, score_from
-- reads: hits
SELECT
    h.list,
    h.match_kind,
    floor(least(h.score, 0.999) * 10) / 10 AS score_from,
    count(*) AS hits,
    count(DISTINCT h.transaction_id) AS transactions,
    count(*) FILTER (h.is_suppressed) AS suppressed,
    count(*) FILTER (h.known_on_payment_date = false) AS listed_later
FROM hits AS h
GROUP BY ALL
ORDER BY h.list, h.match_kind, score_from DESC
