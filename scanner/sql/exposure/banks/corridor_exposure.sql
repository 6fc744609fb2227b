-- What payments between two countries expose the bank to, in the months that this run touches.
--
-- makes: corridor_exposure
-- grain: debtor_country, creditor_country, month
-- reads: exposed_transfers, history_corridor_days
WITH summed AS (
    SELECT
        t.debtor_country,
        t.creditor_country,
        t.day,
        t.payments,
        t.value_usd,
        t.exposed_count,
        t.exposed_value_usd,
        t.listed_count,
        t.owned_count,
        t.items_count,
        t.nexus_count,
        t.is_current
    FROM exposed_transfers AS t
    UNION ALL BY NAME
    SELECT
        h.*,
        FALSE AS is_current
    FROM history_corridor_days AS h
)

SELECT
    s.debtor_country,
    s.creditor_country,
    date_trunc('month', s.day)::DATE AS month,
    sum(s.payments)::BIGINT AS payments,
    sum(s.value_usd)::DECIMAL(28, 2) AS value_usd,
    sum(s.exposed_count)::BIGINT AS exposed_count,
    sum(s.exposed_value_usd)::DECIMAL(28, 2) AS exposed_value_usd,
    sum(s.exposed_value_usd) / nullif(sum(s.value_usd), 0) AS exposed_share,
    sum(s.listed_count)::BIGINT AS listed_count,
    sum(s.owned_count)::BIGINT AS owned_count,
    sum(s.items_count)::BIGINT AS items_count,
    sum(s.nexus_count)::BIGINT AS nexus_count
FROM summed AS s
GROUP BY s.debtor_country, s.creditor_country, date_trunc('month', s.day)
HAVING bool_or(s.is_current)
