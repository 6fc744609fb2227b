-- The factors of a significant transaction: of payments that stand as they stood, and all measured
-- anew.
--
-- makes: made_significance
-- grain: subject_kind, subject, month, factor
-- reads: was_significance, significance, affected
SELECT w.*
FROM was_significance AS w
ANTI JOIN affected AS a ON a.transaction_id = w.subject
WHERE w.subject_kind = 'payment'
UNION ALL BY NAME
SELECT s.*
FROM significance AS s
