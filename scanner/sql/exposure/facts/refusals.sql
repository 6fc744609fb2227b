-- Payments that a bank rejected, returned or was asked to cancel, or asked about for compliance, with
-- the day and the class of the reason, and the transfers they speak of.
--
-- makes: refusals
-- grain: refused_transaction_id, refusal_id
-- reads: transactions, history_transactions, refusal_facts, history_refusal_facts
WITH known AS (
    SELECT f.*
    FROM refusal_facts AS f
    UNION ALL
    SELECT h.*
    FROM history_refusal_facts AS h
),

-- What was refused more than 60 days before this run's first payment says nothing of its payments.
refusal AS (
    SELECT
        k.transaction_id AS refusal_id,
        k.payment_id,
        k.reason_class,
        k.kind,
        k.refused_on
    FROM known AS k
    WHERE coalesce(k.refused_on >= (SELECT min(t.value_date) - 60 FROM transactions AS t), TRUE)
),

counted AS (
    SELECT
        t.transaction_id,
        t.payment_id,
        t.value_date,
        t.currency,
        t.amount,
        t.amount_usd,
        t.message_type,
        t.debtor_name,
        t.debtor_country,
        t.debtor_account,
        t.creditor_name,
        t.creditor_country,
        t.creditor_account,
        t.creditor_agent_bic,
        t.sender_bic,
        t.receiver_bic
    FROM transactions AS t
    WHERE t.is_counted AND t.value_date IS NOT NULL
    UNION ALL
    SELECT
        h.transaction_id,
        h.payment_id,
        h.value_date,
        h.currency,
        h.amount,
        h.amount_usd,
        h.message_type,
        h.debtor_name,
        h.debtor_country,
        h.debtor_account,
        h.creditor_name,
        h.creditor_country,
        h.creditor_account,
        h.creditor_agent_bic,
        h.sender_bic,
        h.receiver_bic
    FROM history_transactions AS h
    WHERE h.is_counted AND h.value_date IS NOT NULL
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
INNER JOIN counted AS e ON e.payment_id = r.payment_id
WHERE r.refused_on IS NULL OR e.value_date <= r.refused_on
-- One reference on very many messages links nothing.
QUALIFY count(*) OVER (PARTITION BY e.payment_id) <= 50
