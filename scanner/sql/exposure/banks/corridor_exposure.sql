-- What payments between two countries expose the bank to, in the months that this run touches.
--
-- makes: corridor_exposure
-- grain: debtor_country, creditor_country, month
-- reads: exposed_transfers
SELECT
    e.debtor_country,
    e.creditor_country,
    e.month,
    count(*) AS payments,
    sum(e.amount_usd)::DECIMAL(28, 2) AS value_usd,
    count(*) FILTER (e.is_exposed) AS exposed_count,
    coalesce(sum(e.amount_usd) FILTER (e.is_exposed), 0)::DECIMAL(28, 2) AS exposed_value_usd,
    coalesce(sum(e.amount_usd) FILTER (e.is_exposed), 0) / nullif(sum(e.amount_usd), 0)
        AS exposed_share,
    count(*) FILTER (e.has_listed_party) AS listed_count,
    count(*) FILTER (e.is_owned_by_blocked) AS owned_count,
    count(*) FILTER (e.has_goods) AS items_count,
    count(*) FILTER (e.has_russia_nexus) AS nexus_count
FROM exposed_transfers AS e
GROUP BY ALL
HAVING bool_or(e.is_current)
