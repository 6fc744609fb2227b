-- The banks that take part in a transaction, by BIC on eight characters, with their roles.
--
-- makes: transaction_banks
-- grain: transaction_id, bic8
-- reads: transactions, parties
WITH named AS (
    SELECT
        t.transaction_id,
        left(upper(t.sender_bic), 8) AS bic8,
        'sender' AS role
    FROM transactions AS t
    UNION ALL
    SELECT
        t.transaction_id,
        left(upper(t.receiver_bic), 8),
        'receiver'
    FROM transactions AS t
    UNION ALL
    SELECT
        t.transaction_id,
        left(upper(t.debtor_agent_bic), 8),
        'debtor_agent'
    FROM transactions AS t
    UNION ALL
    SELECT
        t.transaction_id,
        left(upper(t.creditor_agent_bic), 8),
        'creditor_agent'
    FROM transactions AS t
    UNION ALL
    SELECT
        p.transaction_id,
        left(upper(p.bic), 8),
        p.role
    FROM parties AS p
    WHERE p.is_agent
)

SELECT
    n.transaction_id,
    n.bic8,
    list_sort(list(DISTINCT n.role)) AS roles
FROM named AS n
WHERE length(n.bic8) = 8
GROUP BY n.transaction_id, n.bic8
