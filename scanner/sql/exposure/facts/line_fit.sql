-- Whether a trade in priority goods fits the customer's line of business that the bank records.
--
-- makes: line_fit
-- grain: transaction_id, side
-- reads: customer_facts
SELECT
    c.transaction_id,
    c.side,
    c.customer_id,
    c.industry,
    regexp_matches(
        lower(c.industry),
        'electr|semicon|machin|engineer|manufactur|telecom|aero|aviation|comput|techn|automo|tool'
        '|bearing|instrument|optic|industr|metal|robot|hardware|makin|elektr|imalat'
    ) AS fits_goods
FROM customer_facts AS c
WHERE c.industry IS NOT NULL
