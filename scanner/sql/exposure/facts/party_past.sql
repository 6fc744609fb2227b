-- What each party of this run, payer or paid, had to do with Russia or a listed party before its first
-- day here, and how often it had passed money on.
--
-- makes: party_past
-- grain: party_hash
-- reads: run_parties, history_transfer_facts, history_passing_facts
WITH flagged AS (
    SELECT
        h.debtor_hash,
        h.creditor_hash,
        h.value_date,
        h.has_russia_nexus,
        h.has_listed_party,
        coalesce(h.debtor_country = 'RU', FALSE) AS is_from_russia
    FROM history_transfer_facts AS h
    WHERE coalesce(h.is_lead, TRUE)
        AND (h.has_russia_nexus OR h.has_listed_party OR h.debtor_country = 'RU')
),

told AS (
    SELECT
        f.debtor_hash AS party_hash,
        f.value_date,
        f.has_russia_nexus,
        f.has_listed_party,
        FALSE AS is_from_russia
    FROM flagged AS f
    UNION ALL
    SELECT
        f.creditor_hash,
        f.value_date,
        f.has_russia_nexus,
        f.has_listed_party,
        f.is_from_russia
    FROM flagged AS f
    WHERE f.creditor_hash IS DISTINCT FROM f.debtor_hash
),

summed AS (
    SELECT
        t.party_hash,
        count(*) FILTER (t.has_russia_nexus) AS nexus_payments,
        count(*) FILTER (t.has_listed_party) AS listed_payments,
        max(t.value_date) FILTER (t.has_listed_party) AS last_listed_on,
        count(*) FILTER (t.is_from_russia) AS russian_payers,
        max(t.value_date) FILTER (t.is_from_russia) AS last_russian_payer_on
    FROM told AS t
    INNER JOIN run_parties AS p ON p.party_hash = t.party_hash
    WHERE t.value_date < p.first_on
    GROUP BY t.party_hash
),

passed AS (
    SELECT
        h.party_hash,
        count(*) AS passed_on,
        count(*) FILTER (h.is_after_russian_payer) AS passed_russian_on
    FROM history_passing_facts AS h
    INNER JOIN run_parties AS p ON p.party_hash = h.party_hash
    WHERE h.value_date < p.first_on
    GROUP BY h.party_hash
)

SELECT
    coalesce(s.party_hash, d.party_hash) AS party_hash,
    coalesce(s.nexus_payments, 0) AS nexus_payments,
    coalesce(s.listed_payments, 0) AS listed_payments,
    s.last_listed_on,
    coalesce(s.russian_payers, 0) AS russian_payers,
    s.last_russian_payer_on,
    coalesce(d.passed_on, 0) AS passed_on,
    coalesce(d.passed_russian_on, 0) AS passed_russian_on
FROM summed AS s
FULL OUTER JOIN passed AS d ON d.party_hash = s.party_hash
