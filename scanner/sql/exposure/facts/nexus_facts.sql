-- Every signal that ties a transaction to Russia, Belarus or an occupied territory of Ukraine.
--
-- makes: nexus_facts
-- grain: transaction_id, signal, role, value
-- reads: parties, transaction_banks, signals_found
--
-- weight: how far the signal alone carries. A place in an address counts only where
-- the party's country is not known to be another one ("Moscow, Idaho" stays quiet);
-- a place in free text is a mention, no seat.
WITH countries AS (
    SELECT
        p.transaction_id,
        p.role,
        p.field_path,
        any_value(p.country) AS country
    FROM parties AS p
    GROUP BY p.transaction_id, p.role, p.field_path
),

signals AS (
    SELECT
        p.transaction_id,
        'country' AS signal,
        p.role,
        p.country AS place,
        p.country || ' by ' || coalesce(p.country_source, 'unknown') AS value,
        1.0 AS weight
    FROM parties AS p
    WHERE p.country IN ('RU', 'BY')
    UNION ALL
    SELECT
        b.transaction_id,
        'bic',
        b.roles[1],
        substr(b.bic8, 5, 2),
        b.bic8,
        1.0
    FROM transaction_banks AS b
    WHERE substr(b.bic8, 5, 2) IN ('RU', 'BY')
    UNION ALL
    SELECT
        p.transaction_id,
        'iban',
        p.role,
        'BY',
        left(p.account, 4),
        1.0
    FROM parties AS p
    WHERE regexp_matches(p.account, '^BY[0-9]{2}[A-Z0-9]{24}$')
    UNION ALL
    SELECT
        p.transaction_id,
        'rouble_account',
        p.role,
        'RU',
        left(p.account, 8),
        -- Twenty digits alone are no seat where the party's country says otherwise.
        CASE WHEN coalesce(p.country, 'RU') IN ('RU', 'BY') THEN 1.0 ELSE 0.4 END
    FROM parties AS p
    WHERE regexp_matches(p.account, '^(30[12]|40[4-8]|42[0-6])[0-9]{2}(810|643)[0-9]{12}$')
    UNION ALL
    SELECT
        p.transaction_id,
        'clearing_code',
        p.role,
        left(p.clearing_code, 2),
        p.clearing_code,
        1.0
    FROM parties AS p
    WHERE left(p.clearing_code, 2) IN ('RU', 'BY')
    UNION ALL
    SELECT
        s.transaction_id,
        s.signal,
        s.role,
        CASE s.signal
            WHEN 'occupied_place' THEN 'UA-occupied'
            WHEN 'bank_in_text' THEN substr(s.value, 5, 2)
            ELSE s.value
        END,
        s.matched_text,
        CASE
            WHEN s.signal IN ('tax_id', 'registration_id', 'bank_code', 'rouble_account') THEN 1.0
            WHEN s.signal = 'bank_in_text' THEN 0.9
            WHEN s.place = 'address' AND s.signal <> 'phone' THEN 1.0
            WHEN s.signal = 'transit' THEN 0.9
            WHEN s.signal = 'spfs' THEN 0.8
            WHEN s.signal = 'occupied_place' THEN 0.7
            ELSE 0.6
        END
    FROM signals_found AS s
    LEFT JOIN countries AS c
        ON c.transaction_id = s.transaction_id
        AND c.role = s.role
        AND c.field_path = s.field_path
    WHERE (s.signal <> 'bank_in_text' OR substr(s.value, 5, 2) IN ('RU', 'BY'))
        AND s.signal IN (
            'bank_in_text', 'russia_place', 'russia_town', 'russia_port', 'belarus_place', 'occupied_place',
            'transit', 'spfs', 'tax_id', 'registration_id', 'bank_code', 'rouble_account', 'phone'
        )
        AND (
            s.place <> 'address'
            OR c.country IS NULL
            OR c.country IN ('RU', 'BY')
            OR (s.signal = 'occupied_place' AND c.country = 'UA')
        )
)

SELECT
    s.transaction_id,
    s.signal,
    s.role,
    s.value,
    any_value(s.place) AS place,
    max(s.weight) AS weight
FROM signals AS s
GROUP BY s.transaction_id, s.signal, s.role, s.value
