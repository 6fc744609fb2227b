-- Which corridors carry the exposed value?
--
-- makes: corridors_with_exposure
-- grain: debtor_country, creditor_country
-- reads: 
SELECT *
FROM exposure_by_corridor()
WHERE exposed_payments > 0
LIMIT 20
