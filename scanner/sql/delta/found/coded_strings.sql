-- Texts, raw parties and identifiers that hold a mark of an identifier that came or went.
--
-- makes: coded_strings
-- grain: text
-- reads: was_parties, was_texts, changed_codes
WITH strings AS (
    SELECT x.text
    FROM was_texts AS x
    UNION
    SELECT p.raw
    FROM was_parties AS p
    UNION
    SELECT p.identifier
    FROM was_parties AS p
),

words AS (
    SELECT
        s.text,
        upper(unnest(regexp_extract_all(s.text, '[A-Za-z0-9]{7,64}'))) AS word
    FROM strings AS s
)

SELECT w.text
FROM words AS w
INNER JOIN changed_codes AS c ON c.value = w.word
WHERE c.what = 'token'
UNION
SELECT w.text
FROM words AS w
INNER JOIN changed_codes AS c ON c.value = left(w.word, 8)
WHERE c.what = 'bic8'
UNION
SELECT s.text
FROM strings AS s
-- Python's upper and lower case know two letters more than ASCII for K and S.
INNER JOIN changed_codes AS c ON contains(replace(lower(s.text), 'ſ', 's'), c.value)
WHERE c.what = 'host' AND contains(s.text, '.')
