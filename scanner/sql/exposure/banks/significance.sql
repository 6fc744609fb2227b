-- The seven factors of a significant transaction, measured for every payment that shows something,
-- every customer and every bank.
--
-- makes: significance
-- grain: subject_kind, subject, month, factor
-- reads: transactions, scores, obligations, limbs, indicators, goods_facts, corridor_facts,
-- payer_history, bank_exposure, customer_exposure, ref_significance_factors
--
-- No factor decides and no amount is a threshold: OFAC weighs the whole picture (31 CFR
-- 562.407, FAQ 683). Factor g is the reviewer's own.
WITH codes AS (
    SELECT
        i.transaction_id,
        list(DISTINCT i.code ORDER BY i.code) AS codes
    FROM indicators AS i
    WHERE i.outcome = 'found'
    GROUP BY i.transaction_id
),

obliged AS (
    SELECT
        o.transaction_id,
        list(o.code ORDER BY o.code) AS codes
    FROM obligations AS o
    GROUP BY o.transaction_id
),

shown AS (
    SELECT
        t.transaction_id,
        t.kind,
        round(t.amount_usd::DOUBLE, 2) AS amount_usd,
        p.pair_payments_before,
        p.usd_30_days_before,
        p.usd_year_before,
        coalesce(c.codes, []) AS codes,
        coalesce(o.codes, []) AS obligations,
        l.limb_persons,
        l.limb_items,
        g.chpl_tier,
        g.item_category,
        r.diversion_tier
    FROM transactions AS t
    INNER JOIN limbs AS l ON l.transaction_id = t.transaction_id
    LEFT JOIN scores AS s ON s.transaction_id = t.transaction_id
    LEFT JOIN obliged AS o ON o.transaction_id = t.transaction_id
    LEFT JOIN codes AS c ON c.transaction_id = t.transaction_id
    LEFT JOIN goods_facts AS g ON g.transaction_id = t.transaction_id
    LEFT JOIN corridor_facts AS r ON r.transaction_id = t.transaction_id
    LEFT JOIN payer_history AS p ON p.transaction_id = t.transaction_id
    WHERE o.transaction_id IS NOT NULL
        OR l.limb_persons <> 'none'
        OR l.limb_items <> 'none'
        OR s.band IN ('review', 'escalate')
),

measured AS (
    SELECT
        'payment' AS subject_kind,
        s.transaction_id AS subject,
        NULL::DATE AS month,
        unnest(['a', 'b', 'c', 'd', 'e', 'f', 'g']) AS factor,
        unnest([
            json_object(
                'amount_usd', s.amount_usd,
                'payments_of_the_pair_before', s.pair_payments_before,
                'usd_30_days_before', round(s.usd_30_days_before, 2),
                'usd_year_before', round(s.usd_year_before, 2)
            ),
            json_object('kind', s.kind, 'chpl_tier', s.chpl_tier, 'indicators', len(s.codes)),
            json_object(
                'sent_again_after_refusal', list_contains(s.codes, 'EV-06'),
                'history_indicators', list_filter(s.codes, lambda x: starts_with(x, 'HX'))
            ),
            json_object(
                'obligations', s.obligations,
                'limb_persons', s.limb_persons,
                'limb_items', s.limb_items,
                'network_indicators', list_filter(s.codes, lambda x: starts_with(x, 'NX'))
            ),
            json_object(
                'indicators', list_filter(s.codes, lambda x: starts_with(x, 'EV'))
            ),
            json_object(
                'chpl_tier', s.chpl_tier,
                'item_category', s.item_category,
                'diversion_tier', s.diversion_tier
            ),
            json_object('note', 'for the reviewer')
        ]) AS evidence
    FROM shown AS s
    UNION ALL
    SELECT
        'customer',
        c.customer_id,
        c.month,
        unnest(['a', 'c', 'd', 'f']),
        unnest([
            json_object('payments', c.payments, 'value_usd', c.value_usd),
            json_object('exposed_payments', c.exposed_count, 'exposed_share', c.exposed_share),
            json_object('listed_payments', c.listed_count, 'owned_payments', c.owned_count),
            json_object('goods_payments', c.items_count, 'nexus_payments', c.nexus_count)
        ])
    FROM customer_exposure AS c
    UNION ALL
    SELECT
        'bank',
        b.bank_bic8,
        b.month,
        left(f.name, 1),
        json_extract(b.significance, '$.' || f.name)
    FROM bank_exposure AS b
    CROSS JOIN LATERAL (SELECT unnest(json_keys(b.significance)) AS name) AS f
)

SELECT
    m.subject_kind,
    m.subject,
    m.month,
    m.factor,
    w.words,
    m.evidence::VARCHAR AS evidence
FROM measured AS m
INNER JOIN ref_significance_factors AS w ON w.factor = m.factor
