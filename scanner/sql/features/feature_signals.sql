-- What the words of a transaction say besides names and goods.
--
-- makes: feature_signals
-- grain: transaction_id
-- reads: signals_found
SELECT
    s.transaction_id,
    bool_or(s.signal = 'on_behalf') AS acts_for_another,
    bool_or(s.signal IN ('transit', 'further_credit')) AS transit_words,
    bool_or(s.signal = 'payment_agent') AS agent_words,
    bool_or(s.signal IN ('hide', 'generic_originator')) AS hiding_words
FROM signals_found AS s
GROUP BY s.transaction_id
