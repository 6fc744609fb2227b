-- Which of our correspondent banks bring exposure, and how much?
--
-- makes: banks_with_exposure
-- grain: bank_bic8
-- reads: 
SELECT bank_bic8, payments, exposed_payments, exposed_value_usd, round(exposed_share, 3) AS share
FROM exposure_by_bank(from_date := DATE '2023-12-22')
WHERE exposed_payments > 0
