-- Which banks bring further banks behind them?
--
-- makes: nested_banks
-- grain: bank_bic8
-- reads: bank_exposure
SELECT
    bank_bic8,
    sum(nested_count) AS nested_payments,
    max(max_chain_depth) AS longest_chain,
    sum(payments) AS payments
FROM bank_exposure
GROUP BY bank_bic8
HAVING sum(nested_count) > 0
ORDER BY nested_payments DESC, bank_bic8
