-- Indicators that stand as they stood: of affected transactions those that no list touches, of
-- transfers whose parties' past was asked for those that do not rest on it, of all others each; with
-- the version of the list that holds its entry now.
--
-- makes: kept_indicators
-- grain: transaction_id, code, evidence
-- reads: was_indicators, affected, asked_transfers, list_bound_codes, list_moves
--
-- In evidence a quotation mark of a message is escaped, so that the words below are a key.
SELECT
    w.* REPLACE (
        CASE
            WHEN v.list IS NULL THEN w.evidence
            ELSE replace(
                w.evidence,
                '"list_version":"' || v.version_then || '"',
                '"list_version":"' || v.version_now || '"'
            )
        END AS evidence
    )
FROM was_indicators AS w
LEFT JOIN list_moves AS v
    ON v.list = CASE
        WHEN contains(w.evidence, '"list_version":')
            THEN regexp_extract(w.evidence, '"list":"([^"]*)","list_version":', 1)
    END
WHERE CASE
    WHEN w.code = 'NX-03'
        THEN w.transaction_id NOT IN (SELECT t.transaction_id FROM asked_transfers AS t)
    WHEN w.code IN (SELECT c.code FROM list_bound_codes AS c)
        THEN w.transaction_id NOT IN (SELECT a.transaction_id FROM affected AS a)
    ELSE TRUE
END
