-- What was not checked, and how often?
--
-- makes: not_assessed
-- grain: what, detail
-- reads: 
SELECT *
FROM not_assessed()
