-- A refused payment comes again with a name shortened or a country gone; a repair that adds
-- information does not fire, and after a reject for the address's format only a country gone does.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: resubmissions, ref_indicators
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
        s.transaction_id,
        CASE
            WHEN bool_and(s.reason_class IS NOT DISTINCT FROM 'address_format') THEN 0.4
            ELSE 0.8
        END AS strength,
        'found' AS outcome,
        json_object(
            'refused_transaction', min(s.refused_transaction_id),
            'refused_on', min(s.refused_on),
            'debtor_before', min(s.refused_debtor_name),
            'debtor_now', min(s.debtor_name),
            'creditor_before', min(s.refused_creditor_name),
            'creditor_now', min(s.creditor_name),
            'country_removed', bool_or(s.is_country_removed)
        ) AS evidence
    FROM resubmissions AS s
    -- Moving an address out of a name shortens it and is a repair; taking the country out is none,
    -- since structured and hybrid addresses both require it.
    WHERE (
            s.is_country_removed
            OR (s.is_name_shortened AND s.reason_class IS DISTINCT FROM 'address_format')
        )
        AND s.reason_class IS DISTINCT FROM 'customer'
    GROUP BY s.transaction_id
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'EV-07'
