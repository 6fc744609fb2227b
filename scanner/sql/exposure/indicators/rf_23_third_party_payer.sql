-- The payer acts for somebody else, from another country than that party or from a diversion
-- country.
--
-- makes: indicators
-- grain: transaction_id, code, evidence
-- reads: parties, signals_found, corridor_facts, ref_indicators
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
        d.transaction_id,
        CASE WHEN c.debtor_named_by IS NOT NULL THEN 0.5 ELSE 0.3 END AS strength,
        'found' AS outcome,
        json_object(
            'payer', d.name,
            'payer_country', d.country,
            'on_behalf_of', u.name,
            'country', u.country,
            'field', u.field_path
        ) AS evidence
    FROM parties AS d
    INNER JOIN parties AS u ON u.transaction_id = d.transaction_id AND u.role = 'ultimate_debtor'
    INNER JOIN corridor_facts AS c ON c.transaction_id = d.transaction_id
    WHERE d.role = 'debtor'
        AND NOT d.is_agent
        AND d.country <> u.country
    UNION ALL
    SELECT
        s.transaction_id,
        0.4,
        'found',
        json_object('field', min(s.field_path), 'matched_text', min(s.matched_text))
    FROM signals_found AS s
    INNER JOIN corridor_facts AS c ON c.transaction_id = s.transaction_id
    WHERE s.signal = 'on_behalf'
        AND s.place = 'text'
        AND c.is_diversion
        AND c.is_cross_border
    GROUP BY s.transaction_id
) AS f
INNER JOIN ref_indicators AS i ON i.code = 'RF-23'
