-- Does everything add up: for each source file the messages and rejected pieces, the transactions
-- that the messages say they hold, those that the tables hold, and those that were scored.
--
-- makes: reconciliation()
-- grain: source_file
-- reads: messages, rejected, transactions, scores
WITH held AS (
    SELECT
        m.source_file,
        count(t.transaction_id) AS transactions_held,
        count(s.transaction_id) AS scored
    FROM messages AS m
    LEFT JOIN transactions AS t USING (message_id)
    LEFT JOIN scores AS s USING (transaction_id)
    GROUP BY m.source_file
),
pieces AS (
    SELECT source_file, 1 AS messages, 0 AS rejected, transaction_count AS transactions, byte_length
    FROM messages
    UNION ALL
    SELECT source_file, 0, 1, 0, byte_length
    FROM rejected
)
SELECT
    p.source_file,
    sum(p.messages) AS messages,
    sum(p.rejected) AS rejected,
    sum(p.transactions) AS transactions_said,
    coalesce(any_value(h.transactions_held), 0) AS transactions_held,
    coalesce(any_value(h.scored), 0) AS scored,
    coalesce(any_value(h.transactions_held), 0) = coalesce(any_value(h.scored), 0)
    AND coalesce(any_value(h.transactions_held), 0)
        = coalesce(sum(p.transactions), any_value(h.transactions_held), 0) AS balances
FROM pieces AS p
LEFT JOIN held AS h USING (source_file)
GROUP BY p.source_file
ORDER BY balances, p.source_file
