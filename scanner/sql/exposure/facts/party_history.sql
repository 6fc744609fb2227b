-- What each party of this run's payments, payer or paid, had to do with Russia or a listed party in
-- strictly earlier payments, and what came in to it in the three days before.
--
-- makes: party_history
-- grain: transaction_id, side
-- reads: timeline, run_parties, party_past, history_transfer_facts, history_passing_facts
--
-- What lies before the party's first day here is summed in `party_past`; stored payments between
-- its days stand among this run's. That a stored payment passed money on was found in its own run.
-- Of a payment to oneself the payer's side alone is one.
WITH own AS (
    SELECT
        t.transaction_id,
        t.value_date,
        t.debtor_hash AS party_hash,
        'debtor' AS side,
        t.amount_usd,
        t.has_russia_nexus,
        t.has_listed_party,
        FALSE AS is_from_russia
    FROM timeline AS t
    WHERE t.debtor_hash IS NOT NULL
    UNION ALL
    SELECT
        t.transaction_id,
        t.value_date,
        t.creditor_hash,
        'creditor',
        t.amount_usd,
        t.has_russia_nexus,
        t.has_listed_party,
        coalesce(t.debtor_country = 'RU', FALSE)
    FROM timeline AS t
    WHERE t.creditor_hash IS NOT NULL AND t.creditor_hash IS DISTINCT FROM t.debtor_hash
),

sides AS (
    SELECT
        o.*,
        TRUE AS is_current
    FROM own AS o
    UNION ALL BY NAME
    SELECT
        h.transaction_id,
        h.value_date,
        h.debtor_hash AS party_hash,
        h.has_russia_nexus,
        h.has_listed_party,
        FALSE AS is_from_russia,
        FALSE AS is_current
    FROM history_transfer_facts AS h
    INNER JOIN run_parties AS p ON p.party_hash = h.debtor_hash
    WHERE h.value_date BETWEEN p.first_on AND p.last_on AND coalesce(h.is_lead, TRUE)
    UNION ALL BY NAME
    SELECT
        h.transaction_id,
        h.value_date,
        h.creditor_hash AS party_hash,
        h.has_russia_nexus,
        h.has_listed_party,
        coalesce(h.debtor_country = 'RU', FALSE) AS is_from_russia,
        FALSE AS is_current
    FROM history_transfer_facts AS h
    INNER JOIN run_parties AS p ON p.party_hash = h.creditor_hash
    WHERE h.value_date BETWEEN p.first_on AND p.last_on
        AND h.creditor_hash IS DISTINCT FROM h.debtor_hash
        AND coalesce(h.is_lead, TRUE)
),

counted AS (
    SELECT
        s.*,
        count(*) FILTER (s.has_russia_nexus) OVER before_it AS nexus_payments,
        count(*) FILTER (s.has_listed_party) OVER before_it AS listed_payments,
        max(CASE WHEN s.has_listed_party THEN s.value_date END) OVER before_it AS own_last_listed_on,
        count(*) FILTER (s.is_from_russia) OVER before_it AS russian_payers,
        max(CASE WHEN s.is_from_russia THEN s.value_date END) OVER before_it
            AS own_last_russian_payer_on
    FROM sides AS s
    WINDOW before_it AS (
        PARTITION BY s.party_hash
        ORDER BY s.value_date, s.transaction_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

measured AS (
    SELECT
        c.transaction_id,
        c.value_date,
        c.party_hash,
        c.side,
        c.amount_usd,
        c.nexus_payments + coalesce(p.nexus_payments, 0) AS nexus_before,
        c.listed_payments + coalesce(p.listed_payments, 0) AS listed_before,
        greatest(p.last_listed_on, c.own_last_listed_on) AS last_listed_on,
        c.russian_payers + coalesce(p.russian_payers, 0) AS russian_payers_before,
        greatest(p.last_russian_payer_on, c.own_last_russian_payer_on) AS last_russian_payer_on,
        coalesce(p.passed_on, 0) AS passed_on,
        coalesce(p.passed_russian_on, 0) AS passed_russian_on
    FROM counted AS c
    LEFT JOIN party_past AS p ON p.party_hash = c.party_hash
    WHERE c.is_current
),

inflows_one_by_one AS (
    SELECT
        o.party_hash,
        o.value_date,
        o.amount_usd
    FROM own AS o
    INNER JOIN run_parties AS p ON p.party_hash = o.party_hash
    WHERE o.side = 'creditor' AND o.value_date BETWEEN p.first_paid_on - 3 AND p.last_paid_on - 1
    UNION ALL
    SELECT
        h.creditor_hash,
        h.value_date,
        h.amount_usd
    FROM history_transfer_facts AS h
    INNER JOIN run_parties AS p ON p.party_hash = h.creditor_hash
    WHERE h.value_date BETWEEN p.first_paid_on - 3 AND p.last_paid_on - 1
        AND h.amount_usd > 0
        AND h.creditor_hash IS DISTINCT FROM h.debtor_hash
        AND coalesce(h.is_lead, TRUE)
),

-- Amounts in classes of about twelve percent: the last inflow of the same class, of the next and
-- of the one after is found without comparing every inflow with every outflow.
inflows AS (
    SELECT
        i.party_hash,
        i.value_date,
        CASE WHEN i.amount_usd >= 1 THEN floor(ln(i.amount_usd) / 0.12)::INTEGER END AS size_class,
        max(i.amount_usd) AS amount_usd,
        sum(i.amount_usd::DECIMAL(28, 2)) AS sum_usd
    FROM inflows_one_by_one AS i
    GROUP BY i.party_hash, i.value_date, size_class
),

payer_days AS (
    SELECT DISTINCT
        m.party_hash,
        m.value_date
    FROM measured AS m
    WHERE m.side = 'debtor'
),

sums AS (
    SELECT
        d.party_hash,
        d.value_date,
        sum(i.sum_usd)::DOUBLE AS sum_in_3_days_before
    FROM payer_days AS d
    INNER JOIN inflows AS i
        ON i.party_hash = d.party_hash
        AND i.value_date BETWEEN d.value_date - 3 AND d.value_date - 1
    GROUP BY d.party_hash, d.value_date
),

outflows AS (
    SELECT
        m.transaction_id,
        m.party_hash,
        m.value_date,
        m.amount_usd,
        m.value_date - 1 AS day_before,
        floor(ln(m.amount_usd) / 0.12)::INTEGER + unnest([0, 1, 2]) AS size_class
    FROM measured AS m
    WHERE m.side = 'debtor' AND m.amount_usd >= 1
),

one_to_one AS (
    SELECT
        o.transaction_id,
        max(i.amount_usd) AS inflow_usd
    FROM outflows AS o
    ASOF JOIN inflows AS i
        ON i.party_hash = o.party_hash
        AND i.size_class = o.size_class
        AND o.day_before >= i.value_date
    WHERE i.value_date >= o.value_date - 3
        AND o.amount_usd BETWEEN i.amount_usd * 0.88 AND i.amount_usd
    GROUP BY o.transaction_id
),

passing AS (
    SELECT
        m.*,
        coalesce(
            x.inflow_usd,
            CASE
                WHEN m.amount_usd BETWEEN s.sum_in_3_days_before * 0.88 AND s.sum_in_3_days_before
                    THEN s.sum_in_3_days_before
            END
        ) AS passed_inflow_usd,
        m.side = 'debtor' AND m.amount_usd > 0 AND passed_inflow_usd IS NOT NULL AS is_passing_on,
        -- Passed on within three days after money had come from Russia.
        is_passing_on AND coalesce(m.last_russian_payer_on >= m.value_date - 3, FALSE)
            AS is_after_russian_payer
    FROM measured AS m
    LEFT JOIN one_to_one AS x ON x.transaction_id = m.transaction_id AND m.side = 'debtor'
    LEFT JOIN sums AS s
        ON s.party_hash = m.party_hash AND s.value_date = m.value_date AND m.side = 'debtor'
),

acts AS (
    SELECT
        p.transaction_id,
        p.side,
        p.party_hash,
        p.value_date,
        p.is_passing_on,
        p.is_after_russian_payer
    FROM passing AS p
    UNION ALL
    SELECT
        h.transaction_id,
        NULL,
        h.party_hash,
        h.value_date,
        TRUE,
        h.is_after_russian_payer
    FROM history_passing_facts AS h
    INNER JOIN run_parties AS p ON p.party_hash = h.party_hash
    WHERE h.value_date BETWEEN p.first_on AND p.last_on
),

acts_before AS (
    SELECT
        a.transaction_id,
        a.side,
        count(*) FILTER (a.is_passing_on) OVER before_it AS passed_on,
        count(*) FILTER (a.is_after_russian_payer) OVER before_it AS passed_russian_on
    FROM acts AS a
    WINDOW before_it AS (
        PARTITION BY a.party_hash
        ORDER BY a.value_date, a.transaction_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
)

SELECT
    p.* EXCLUDE (passed_on, passed_russian_on),
    p.passed_on + b.passed_on AS passed_on_before,
    p.passed_russian_on + b.passed_russian_on AS passed_russian_on_before
FROM passing AS p
INNER JOIN acts_before AS b ON b.transaction_id = p.transaction_id AND b.side = p.side
