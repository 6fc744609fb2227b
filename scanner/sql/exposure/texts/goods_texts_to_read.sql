-- The distinct texts in which goods are looked for, each with the kind of its field.
--
-- makes: goods_texts_to_read
-- grain: text, text_kind
-- reads: texts
SELECT DISTINCT
    x.text,
    x.kind AS text_kind,
    -- Its field is there to describe goods (MT 45A).
    x.kind = 'goods_description' AS describes_goods
FROM texts AS x
WHERE x.text <> ''
    AND x.kind IN (
        'remittance_information', 'bank_to_bank_information', 'regulatory_reporting', 'narrative',
        'goods_description', 'documents_required', 'additional_conditions', 'shipment', 'purpose',
        'instruction', 'envelope_contents', 'statement_information'
    )
