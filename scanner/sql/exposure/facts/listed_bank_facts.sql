-- Banks of a transaction whose BIC, on eight characters, is that of a listed bank: agents, sender
-- and receiver, whether or not a field repeats them.
--
-- makes: listed_bank_facts
-- grain: transaction_id, bic8, entry_id
-- reads: transaction_banks, list_identifiers, list_entries, transactions
SELECT
    b.transaction_id,
    b.bic8,
    b.roles,
    e.entry_id,
    e.entry_name,
    e.list,
    e.measure,
    e.eo14024_blocked,
    e.section_11_remark,
    e.listed_on,
    coalesce(e.listed_on <= t.value_date, TRUE) AS is_known_on_payment_date
FROM transaction_banks AS b
INNER JOIN transactions AS t ON t.transaction_id = b.transaction_id
INNER JOIN (
    SELECT DISTINCT
        left(i.value, 8) AS bic8,
        i.entry_id
    FROM list_identifiers AS i
    WHERE i.kind = 'bic'
) AS i ON i.bic8 = b.bic8
INNER JOIN list_entries AS e ON e.entry_id = i.entry_id
WHERE NOT coalesce(e.delisted_on <= t.value_date, FALSE)
