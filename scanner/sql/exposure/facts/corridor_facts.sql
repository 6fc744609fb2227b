-- Where a transaction's money goes from and to, and what official documents said of these
-- countries on its value date.
--
-- makes: corridor_facts
-- grain: transaction_id
-- reads: transactions, ref_gecc_members, ref_diversion_countries, ref_diversion_tiers
--
-- A party's country falls back on that of its bank. Lists of diversion countries grow
-- and shrink, so each naming counts only between its dates; without a value date every
-- naming counts. Only countries outside the export control coalition count as diversion.
WITH ends AS (
    SELECT
        t.transaction_id,
        t.value_date,
        coalesce(t.debtor_country, substr(t.debtor_agent_bic, 5, 2)) AS debtor_country,
        coalesce(t.creditor_country, substr(t.creditor_agent_bic, 5, 2)) AS creditor_country
    FROM transactions AS t
),

namings AS (
    SELECT
        d.iso2,
        d.named_by || ', ' || d.valid_from AS naming,
        d.valid_from::DATE AS valid_from,
        coalesce(d.valid_to::DATE, DATE '9999-12-31') AS valid_to
    FROM ref_diversion_countries AS d
    WHERE d.iso2 NOT IN (SELECT g.iso2 FROM ref_gecc_members AS g)
        AND d.iso2 NOT IN ('RU', 'BY')
),

country_days AS (
    SELECT DISTINCT
        e.debtor_country AS country,
        e.value_date
    FROM ends AS e
    UNION
    SELECT
        e.creditor_country,
        e.value_date
    FROM ends AS e
),

named AS (
    SELECT
        c.country,
        c.value_date,
        list_sort(list(DISTINCT n.naming)) AS named_by
    FROM country_days AS c
    INNER JOIN namings AS n
        ON n.iso2 = c.country
        AND (c.value_date IS NULL OR c.value_date BETWEEN n.valid_from AND n.valid_to)
    GROUP BY c.country, c.value_date
)

SELECT
    e.transaction_id,
    e.debtor_country,
    e.creditor_country,
    d.named_by AS debtor_named_by,
    c.named_by AS creditor_named_by,
    d.named_by IS NOT NULL OR c.named_by IS NOT NULL AS is_diversion,
    e.debtor_country IS DISTINCT FROM e.creditor_country AS is_cross_border,
    coalesce(dg.iso2 IS NULL AND e.debtor_country IS NOT NULL, FALSE) AS is_debtor_outside_coalition,
    coalesce(cg.iso2 IS NULL AND e.creditor_country IS NOT NULL, FALSE)
        AS is_creditor_outside_coalition,
    least(dt.tier, ct.tier) AS diversion_tier
FROM ends AS e
LEFT JOIN named AS d
    ON d.country = e.debtor_country AND d.value_date IS NOT DISTINCT FROM e.value_date
LEFT JOIN named AS c
    ON c.country = e.creditor_country AND c.value_date IS NOT DISTINCT FROM e.value_date
LEFT JOIN ref_gecc_members AS dg ON dg.iso2 = e.debtor_country
LEFT JOIN ref_gecc_members AS cg ON cg.iso2 = e.creditor_country
LEFT JOIN ref_diversion_tiers AS dt ON dt.iso2 = e.debtor_country
LEFT JOIN ref_diversion_tiers AS ct ON ct.iso2 = e.creditor_country
