-- How many of a bank's payments in a month went wrong, in this run and in earlier ones.
--
-- makes: bank_incidents
-- grain: bank_bic8, month
-- reads: bank_incident_facts, history_bank_incident_facts
WITH happened AS (
    SELECT f.*
    FROM bank_incident_facts AS f
    UNION ALL BY NAME
    SELECT h.*
    FROM history_bank_incident_facts AS h
)

SELECT
    h.bank_bic8,
    h.month,
    count(DISTINCT h.payment_id) FILTER (h.is_rejected) AS rejected_count,
    count(DISTINCT h.payment_id) FILTER (h.is_returned) AS returned_count,
    count(DISTINCT h.payment_id) FILTER (h.is_delayed) AS delayed_count,
    count(DISTINCT h.payment_id) FILTER (h.is_nested) AS nested_count
FROM happened AS h
GROUP BY h.bank_bic8, h.month
