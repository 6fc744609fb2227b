-- How has exposure moved by month since the order?
--
-- makes: monthly_trend
-- grain: period
-- reads: 
SELECT period, payments, exposed_payments, exposed_value_usd, obligation_payments
FROM trend(grain := 'month')
WHERE period >= DATE '2023-12-01'
