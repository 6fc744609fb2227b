-- The newest month of every bank with the seven factors of a significant transaction and their
-- proxies, the most exposed banks first.
--
-- makes: significance_ledger()
-- grain: bank_bic8
-- reads: bank_exposure
SELECT
    e.bank_bic8,
    e.month,
    e.is_listed,
    e.payments,
    e.value_usd,
    e.exposed_count,
    e.exposed_value_usd,
    e.exposed_share,
    e.surge_factor,
    e.trend,
    e.nested_count,
    e.max_chain_depth,
    e.russia_nexus_share,
    e.russia_nexus_share_before_order,
    e.delayed_count,
    e.rejected_count,
    e.returned_count,
    e.significance
FROM bank_exposure AS e
QUALIFY row_number() OVER (PARTITION BY e.bank_bic8 ORDER BY e.month DESC) = 1
ORDER BY e.is_listed DESC NULLS LAST, e.exposed_value_usd DESC, e.bank_bic8
