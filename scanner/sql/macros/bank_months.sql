-- One bank month by month: its payments, what of them is exposed, and the significance factors of
-- the month. Give its BIC with 8 or 11 characters.
--
-- makes: bank_months(bic)
-- grain: bank_bic8, month
-- reads: bank_exposure
WITH asked AS (
    SELECT left(upper(bic), 8) AS bic8
)
SELECT e.*
FROM bank_exposure AS e
JOIN asked ON e.bank_bic8 = asked.bic8
ORDER BY e.month
