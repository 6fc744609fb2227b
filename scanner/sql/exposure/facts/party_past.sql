-- What each party of this run, payer or paid, had to do with Russia or a listed party before its first
-- day here, and how often it had passed money on.
--
-- makes: party_past
-- grain: party_key
-- reads: run_parties, history_transfer_facts, history_passing_facts
WITH told AS (
    SELECT
        h.debtor_key AS party_key,
        FALSE AS is_payee,
        h.value_date,
        h.has_russia_nexus,
        h.has_listed_party,
        h.debtor_country
    FROM history_transfer_facts AS h
    WHERE coalesce(h.is_lead, TRUE) AND (h.has_russia_nexus OR h.has_listed_party)
    UNION ALL
    SELECT
        h.creditor_key,
        TRUE,
        h.value_date,
        h.has_russia_nexus,
        h.has_listed_party,
        h.debtor_country
    FROM history_transfer_facts AS h
    WHERE coalesce(h.is_lead, TRUE)
        AND (h.has_russia_nexus OR h.has_listed_party OR h.debtor_country = 'RU')
        AND h.creditor_key IS DISTINCT FROM h.debtor_key
),

summed AS (
    SELECT
        t.party_key,
        count(*) FILTER (t.has_russia_nexus) AS nexus_payments,
        count(*) FILTER (t.has_listed_party) AS listed_payments,
        max(t.value_date) FILTER (t.has_listed_party) AS last_listed_on,
        count(*) FILTER (t.is_payee AND t.debtor_country = 'RU') AS russian_payers,
        max(t.value_date) FILTER (t.is_payee AND t.debtor_country = 'RU') AS last_russian_payer_on
    FROM told AS t
    INNER JOIN run_parties AS p ON p.party_key = t.party_key
    WHERE t.value_date < p.first_on
    GROUP BY t.party_key
),

passed AS (
    SELECT
        h.party_key,
        count(*) AS passed_on,
        count(*) FILTER (h.is_after_russian_payer) AS passed_russian_on
    FROM history_passing_facts AS h
    INNER JOIN run_parties AS p ON p.party_key = h.party_key
    WHERE h.value_date < p.first_on
    GROUP BY h.party_key
)

SELECT
    coalesce(s.party_key, d.party_key) AS party_key,
    coalesce(s.nexus_payments, 0) AS nexus_payments,
    coalesce(s.listed_payments, 0) AS listed_payments,
    s.last_listed_on,
    coalesce(s.russian_payers, 0) AS russian_payers,
    s.last_russian_payer_on,
    coalesce(d.passed_on, 0) AS passed_on,
    coalesce(d.passed_russian_on, 0) AS passed_russian_on
FROM summed AS s
FULL OUTER JOIN passed AS d ON d.party_key = s.party_key
