-- Accounts under which a listed party was paid or paid, with the list entry met: what this run's
-- and later runs' payments are held against.
--
-- makes: listed_account_facts
-- grain: transaction_id, account
-- reads: hit_facts, parties
SELECT
    h.transaction_id,
    regexp_replace(upper(p.account), '[^A-Z0-9]', '', 'g') AS account,
    any_value(h.value_date) AS value_date,
    min(h.entry_id) AS entry_id,
    min_by(h.entry_name, h.entry_id) AS entry_name
FROM hit_facts AS h
INNER JOIN parties AS p ON p.transaction_id = h.transaction_id AND p.role = h.role
WHERE h.is_strong
    AND h.measure = 'blocking'
    AND NOT h.is_delisted
    AND NOT h.is_agent
    AND h.match_kind <> 'address'
    AND regexp_matches(p.account, '[A-Za-z0-9]')
GROUP BY h.transaction_id, regexp_replace(upper(p.account), '[^A-Z0-9]', '', 'g')
