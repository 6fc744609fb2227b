-- Who stands behind a firm, and with what share?
--
-- makes: who_owns_whom
-- grain: firm, path
-- reads: 
SELECT firm, listed_owner, owner_entry, share_percent, depth, path
FROM ownership_paths(['SAMPLE TRADING FZE'])
