-- A company of one country banks in another, across a diversion country or with Russia.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: transactions, ref_diversion_tiers, ref_gecc_members, ref_indicators
SELECT
    f.transaction_id,
    i.code,
    i.level,
    i.limb,
    f.strength::DOUBLE AS strength,
    f.outcome,
    f.evidence::VARCHAR AS evidence,
    i.source
FROM (
    SELECT
        e.transaction_id,
        CASE WHEN 'RU' IN (e.country, e.bank_country) THEN 0.4 ELSE 0.2 END AS strength,
        'found' AS outcome,
        json_object('side', e.side, 'country', e.country, 'bank_country', e.bank_country) AS evidence
    FROM (
        SELECT
            t.transaction_id,
            'debtor' AS side,
            t.debtor_country AS country,
            substr(t.debtor_agent_bic, 5, 2) AS bank_country
        FROM transactions AS t
        UNION ALL
        SELECT
            t.transaction_id,
            'creditor',
            t.creditor_country,
            substr(t.creditor_agent_bic, 5, 2)
        FROM transactions AS t
    ) AS e
    WHERE e.country <> e.bank_country
        AND (
            e.country IN (SELECT d.iso2 FROM ref_diversion_tiers AS d)
            OR e.country IN ('RU', 'BY')
            OR e.bank_country IN ('RU', 'BY')
        )
        AND NOT (
            e.country IN (SELECT g.iso2 FROM ref_gecc_members AS g)
            AND e.bank_country IN (SELECT g.iso2 FROM ref_gecc_members AS g)
        )
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-25'
