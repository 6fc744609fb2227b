-- A firm in a Russian legal form that only the free text names.
--
-- makes: feature_russian_form
-- grain: transaction_id
-- reads: texts
SELECT DISTINCT
    x.transaction_id,
    TRUE AS russian_form
FROM texts AS x
WHERE regexp_matches(
        upper(x.text),
        '(^|[^\p{L}])(OOO|ООО|OAO|ОАО|ZAO|ЗАО|PAO|ПАО|NPO|НПО|FGUP|ФГУП)[ "''«]+\p{L}{3}'
    )
