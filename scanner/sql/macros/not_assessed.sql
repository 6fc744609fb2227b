-- What could not be checked, so that nobody takes silence for a clear result: indicators whose
-- data is missing, payments without a score, texts that could not be screened, rejected pieces,
-- payments whose parties have no country.
--
-- makes: not_assessed()
-- grain: what, detail
-- reads: indicators, parties, scores, texts, rejected, transactions
SELECT 'indicator not assessable' AS what, i.code AS detail, count(*) AS transactions
FROM indicators AS i
WHERE i.outcome = 'not_assessable'
GROUP BY i.code
UNION ALL
SELECT 'cannot score', coalesce(s.message_type, '?'), count(*)
FROM scores AS s
WHERE s.band = 'cannot_score'
GROUP BY s.message_type
UNION ALL
SELECT 'text not screened', x.unscreened, count(DISTINCT x.transaction_id)
FROM (
    SELECT transaction_id, unscreened FROM texts
    UNION ALL
    SELECT transaction_id, unscreened FROM parties
) AS x
WHERE x.unscreened IS NOT NULL
GROUP BY x.unscreened
UNION ALL
SELECT 'rejected, not read', r.reason_code, count(*)
FROM rejected AS r
GROUP BY r.reason_code
UNION ALL
SELECT 'no country known', c.what, count(*)
FROM (
    SELECT 'debtor' AS what FROM transactions WHERE debtor_country IS NULL
    UNION ALL
    SELECT 'creditor' FROM transactions WHERE creditor_country IS NULL
) AS c
GROUP BY c.what
ORDER BY what, transactions DESC, detail
