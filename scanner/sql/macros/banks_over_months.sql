-- Banks by exposed value over all months: sums of bank_exposure, which the summary report shows.
-- Exposed are the payments in review or escalate. Give a bank's BIC with 8 or 11 characters for one.
--
-- makes: banks_over_months(bic := NULL)
-- grain: bank_bic8
-- reads: bank_exposure
SELECT
    e.bank_bic8,
    sum(e.payments)::BIGINT AS payments,
    sum(e.value_usd) AS value_usd,
    sum(e.exposed_count)::BIGINT AS exposed_payments,
    sum(e.exposed_value_usd) AS exposed_value_usd,
    sum(e.exposed_value_usd) / nullif(sum(e.value_usd), 0) AS exposed_share,
    sum(e.listed_count)::BIGINT AS listed_payments,
    sum(e.owned_count)::BIGINT AS owned_payments,
    sum(e.items_count)::BIGINT AS goods_payments
FROM bank_exposure AS e
WHERE bic IS NULL OR e.bank_bic8 = left(upper(bic), 8)
GROUP BY e.bank_bic8
ORDER BY exposed_value_usd DESC, e.bank_bic8
