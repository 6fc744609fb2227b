-- The reasons of a score as rows, strongest first: contributions are log-odds that add up to the
-- model's margin; an obligation stands above the model and carries no contribution.
--
-- makes: reasons_of(key)
-- grain: transaction_id, position
-- reads: scores
SELECT
    s.transaction_id,
    s.reference,
    r.position,
    s.reasons[r.position].code AS code,
    s.reasons[r.position].contribution AS contribution,
    s.reasons[r.position].words AS words
FROM scores AS s
CROSS JOIN LATERAL (SELECT unnest(range(1, len(s.reasons) + 1)) AS position) AS r
WHERE key IN (s.transaction_id, s.payment_id, s.reference) OR lower(s.uetr) = lower(key)
ORDER BY s.transaction_id, r.position
