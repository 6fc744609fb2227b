-- What was read: messages, transactions, bytes and repairs by type, format and way of decoding.
--
-- makes: messages_by_type()
-- grain: message_type, format, charset
-- reads: messages
SELECT
    m.message_type,
    m.format,
    m.charset,
    count(*) AS messages,
    sum(m.transaction_count) AS transactions,
    count(*) FILTER (m.repaired) AS repaired,
    count(*) FILTER (m.duplicate_of IS NOT NULL) AS duplicates,
    sum(m.byte_length) AS bytes
FROM messages AS m
GROUP BY ALL
ORDER BY messages DESC, m.message_type, m.format, m.charset
