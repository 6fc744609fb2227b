-- Payments with a party, bank or owner that was listed only after the value date.
--
-- makes: later_designations
-- grain: transaction_id
-- reads: hits, list_entries, run
--
-- Only hits strong enough to oblige; known_then tells whether another one was listed already.
SELECT
    h.transaction_id,
    min(h.listed_on) FILTER (NOT h.known_on_payment_date) AS listed_on,
    bool_or(coalesce(h.known_on_payment_date, TRUE)) AS is_known_then
FROM hits AS h
CROSS JOIN run AS r
WHERE h.score >= r.obligation_threshold
    AND NOT coalesce(h.is_suppressed, FALSE)
    AND h.match_kind <> 'address'
    AND (
        h.match_kind = 'ownership'
        OR h.entry_id IN (
            SELECT e.entry_id
            FROM list_entries AS e
            WHERE e.measure IN ('blocking', 'correspondent_account')
        )
    )
GROUP BY h.transaction_id
HAVING bool_or(h.known_on_payment_date = FALSE)
