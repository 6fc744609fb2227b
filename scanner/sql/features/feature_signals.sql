-- What the words of a transaction say besides names and goods.
--
-- makes: feature_signals
-- grain: transaction_id
-- reads: signals_found, transactions
WITH said AS (
    SELECT
        s.transaction_id,
        bool_or(s.signal = 'on_behalf') AS acts_for_another,
        bool_or(s.signal IN ('transit', 'further_credit')) AS transit_words,
        bool_or(s.signal = 'payment_agent') AS agent_words,
        bool_or(s.signal IN ('hide', 'generic_originator')) AS hiding_words,
        bool_or(s.signal = 'promissory_or_crypto') AS value_route_words,
        bool_or(s.signal = 'service_trace') AS service_words,
        bool_or(s.signal = 'consigned_to_bank') AS consigned_to_bank,
        bool_or(s.signal = 'end_user_named') AS end_user_named
    FROM signals_found AS s
    GROUP BY s.transaction_id
)

SELECT
    d.*,
    d.consigned_to_bank AND NOT d.end_user_named AND t.kind = 'letter_of_credit'
        AS consigned_no_end_user
FROM said AS d
INNER JOIN transactions AS t ON t.transaction_id = d.transaction_id
