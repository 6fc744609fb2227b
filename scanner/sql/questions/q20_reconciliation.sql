-- Does everything that was read add up?
--
-- makes: reconciliation
-- grain: source_file
-- reads: messages, rejected, transactions
SELECT
    f.source_file,
    count(*) FILTER (f.is_message) AS messages,
    count(*) FILTER (NOT f.is_message) AS rejected,
    sum(f.transactions) AS transactions_said,
    (
        SELECT count(*)
        FROM transactions AS t
        JOIN messages AS m USING (message_id)
        WHERE m.source_file = f.source_file
    ) AS transactions_held,
    sum(f.byte_length) AS bytes
FROM (
    SELECT source_file, true AS is_message, transaction_count AS transactions, byte_length
    FROM messages
    UNION ALL
    SELECT source_file, false, 0, byte_length
    FROM rejected
) AS f
GROUP BY f.source_file
ORDER BY f.source_file
