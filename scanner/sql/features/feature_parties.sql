-- How a transaction is filled in and through how many banks it goes.
--
-- makes: feature_parties
-- grain: transaction_id
-- reads: parties, texts
WITH own AS (
    SELECT
        p.transaction_id,
        count(DISTINCT substr(p.bic, 1, 8)) FILTER (p.is_agent) AS chain_depth,
        list(DISTINCT substr(p.bic, 1, 8)) FILTER (p.bic IS NOT NULL) AS known_bic8s,
        count(*) FILTER (
            NOT p.is_agent AND p.role IN ('debtor', 'creditor') AND p.name IS NULL
        )
        + count(*) FILTER (
            NOT p.is_agent AND p.role IN ('debtor', 'creditor') AND p.address IS NULL AND p.town IS NULL
        ) AS missing_fields,
        bool_or(
            p.role = 'debtor'
            AND NOT p.is_agent
            AND (
                p.name IS NULL
                OR length(regexp_replace(p.name, '[^A-Za-z]', '', 'g')) < 3
                OR regexp_matches(
                    upper(p.name),
                    'OUR (CUSTOMER|CLIENT)|ONE OF OUR|A CUSTOMER|NOT ?PROVIDED|VARIOUS|^SELF$|BY ORDER'
                )
            )
        ) AS hidden_payer
    FROM parties AS p
    GROUP BY p.transaction_id
),

named AS (
    SELECT
        x.transaction_id,
        unnest(regexp_extract_all(x.text, '\b[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b')) AS bic
    FROM texts AS x
    WHERE x.kind IN ('bank_to_bank_information', 'instruction', 'narrative')
)

SELECT
    o.transaction_id,
    o.chain_depth,
    o.missing_fields,
    o.hidden_payer,
    EXISTS (
        SELECT 1
        FROM named AS n
        WHERE n.transaction_id = o.transaction_id
            AND regexp_matches(n.bic, '^[A-Z]{6}[A-Z0-9]{2}')
            AND NOT list_contains(coalesce(o.known_bic8s, []), substr(n.bic, 1, 8))
            AND length(n.bic) IN (8, 11)
            AND regexp_matches(n.bic, '[0-9]')
    ) AS further_bank_in_text
FROM own AS o
