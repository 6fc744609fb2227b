-- Payments that a bank rejected, returned or was asked to cancel, or asked about for compliance, with
-- the day and the class of the reason, and the transfers they speak of.
--
-- makes: refusals
-- grain: refused_transaction_id, refusal_id
-- reads: transactions, history_transactions, messages, history_messages
WITH every_transaction AS (
    SELECT t.*
    FROM transactions AS t
    UNION ALL
    SELECT h.*
    FROM history_transactions AS h
),

days AS (
    SELECT
        m.message_id,
        m.created_on
    FROM messages AS m
    UNION
    SELECT
        h.message_id,
        h.created_on
    FROM history_messages AS h
),

refusal AS (
    SELECT
        e.transaction_id AS refusal_id,
        e.payment_id,
        e.reason_class,
        e.kind,
        coalesce(d.created_on, e.value_date) AS refused_on
    FROM every_transaction AS e
    LEFT JOIN days AS d ON d.message_id = e.message_id
    WHERE e.kind IN ('reject', 'return', 'cancellation')
        OR (e.kind IN ('enquiry', 'answer', 'free_format') AND e.reason_class = 'compliance')
)

SELECT
    r.refusal_id,
    r.kind,
    r.reason_class,
    coalesce(r.refused_on, e.value_date) AS refused_on,
    e.transaction_id AS refused_transaction_id,
    e.payment_id,
    e.value_date,
    e.currency,
    e.amount,
    e.amount_usd::DOUBLE AS amount_usd,
    e.message_type,
    e.debtor_name,
    e.debtor_country,
    e.debtor_account,
    e.creditor_name,
    e.creditor_country,
    e.creditor_account,
    e.creditor_agent_bic,
    e.sender_bic,
    e.receiver_bic,
    trim(regexp_replace(upper(strip_accents(e.debtor_name)), '[^\p{L}\p{N}]+', ' ', 'g'))
        AS debtor_name_key,
    trim(regexp_replace(upper(strip_accents(e.creditor_name)), '[^\p{L}\p{N}]+', ' ', 'g'))
        AS creditor_name_key
FROM refusal AS r
INNER JOIN every_transaction AS e ON e.payment_id = r.payment_id
WHERE e.is_counted
    AND e.value_date IS NOT NULL
    AND (r.refused_on IS NULL OR e.value_date <= r.refused_on)
-- One reference on very many messages links nothing.
QUALIFY count(*) OVER (PARTITION BY e.payment_id) <= 50
