-- Each piece of evidence on a transaction by itself, and the named pairs of them.
--
-- makes: feature_evidence
-- grain: transaction_id
-- reads: transactions, transfer_facts, feature_lead, feature_hits, feature_owned, feature_goods,
--   feature_parties, feature_pair, feature_passing, feature_passing_before, feature_cover,
--   feature_rejects, feature_refused, feature_signals, feature_russian_form, feature_price,
--   feature_end_buyer, feature_moves, message_differences, line_fit, customers, exceptions, ref_diversion_tiers
--
-- NULL means not known and lowers nothing. Nothing here looks at a later payment.
WITH hub AS (
    SELECT
        d.iso2,
        list_position(['C', 'B', 'A'], d.tier) AS hub_rank
    FROM ref_diversion_tiers AS d
),

customer AS (
    SELECT
        c.account,
        max(c.incorporated_on) AS incorporated_on
    FROM customers AS c
    GROUP BY c.account
),

off_line AS (
    SELECT
        l.transaction_id,
        bool_and(NOT l.fits_goods) AS off_line
    FROM line_fit AS l
    GROUP BY l.transaction_id
),

joined AS (
    SELECT
        t.transaction_id,
        t.debtor_country,
        t.creditor_country,
        t.value_date,
        l.lead_id,
        f.has_russia_nexus,
        ln(1 + f.amount_usd) AS amount_log_usd,
        coalesce(one.incorporated_on, two.incorporated_on) AS incorporated_on,
        greatest(coalesce(h1.hub_rank, 0), coalesce(h2.hub_rank, 0)) AS hub_corridor
    FROM transactions AS t
    INNER JOIN feature_lead AS l ON l.transaction_id = t.transaction_id
    LEFT JOIN transfer_facts AS f ON f.transaction_id = t.transaction_id
    LEFT JOIN customer AS one ON one.account = t.debtor_account
    LEFT JOIN customer AS two ON two.account = t.creditor_account
    LEFT JOIN hub AS h1 ON h1.iso2 = t.debtor_country
    LEFT JOIN hub AS h2 ON h2.iso2 = t.creditor_country
),

differing AS (
    SELECT
        d.transaction_id,
        max(d.strength) AS names_differ
    FROM message_differences AS d
    GROUP BY d.transaction_id
),

exempt AS (
    SELECT DISTINCT e.transaction_id FROM exceptions AS e
)

SELECT
    j.transaction_id,
    h.party_score::DOUBLE AS party_score,
    h.party_rarity::DOUBLE AS party_rarity,
    coalesce(h.bank_score, 0)::DOUBLE AS bank_listed,
    h.text_score::DOUBLE AS text_score,
    n.owned_score::DOUBLE AS owned_score,
    coalesce(g.goods_rank, 0)::DOUBLE AS goods_rank,
    coalesce(g.goods_confidence, 0)::DOUBLE AS goods_confidence,
    coalesce(g.item_found, FALSE)::INTEGER::DOUBLE AS item_found,
    j.has_russia_nexus::INTEGER::DOUBLE AS russia_nexus,
    (
        coalesce(j.has_russia_nexus, FALSE)
        AND coalesce(j.debtor_country, '') NOT IN ('RU', 'BY')
        AND coalesce(j.creditor_country, '') NOT IN ('RU', 'BY')
    )::INTEGER::DOUBLE AS russia_in_text,
    CASE WHEN j.has_russia_nexus THEN coalesce(g.goods_rank, 0) ELSE 0 END::DOUBLE
        AS goods_and_nexus,
    CASE WHEN j.hub_corridor > 0 THEN coalesce(g.goods_rank, 0) ELSE 0 END::DOUBLE AS goods_and_hub,
    j.hub_corridor::DOUBLE AS hub_corridor,
    (j.value_date - j.incorporated_on)::DOUBLE AS days_since_incorporation,
    (j.incorporated_on > DATE '2022-02-24')::INTEGER::DOUBLE AS founded_after_invasion,
    CASE WHEN j.incorporated_on > DATE '2022-02-24' THEN coalesce(g.goods_rank, 0) ELSE 0 END::DOUBLE
        AS new_and_goods,
    p.first_time_pair::INTEGER::DOUBLE AS first_time_pair,
    p.pair_payments_30d::DOUBLE AS pair_payments_30d,
    p.pair_evenness_30d::DOUBLE AS pair_evenness_30d,
    coalesce(i.russian_inflow_30d, FALSE)::INTEGER::DOUBLE AS russian_inflow_30d,
    i.pass_through_ratio::DOUBLE AS pass_through_ratio,
    d.chain_depth::DOUBLE AS chain_depth,
    coalesce(d.further_bank_in_text, FALSE)::INTEGER::DOUBLE AS further_bank_in_text,
    d.missing_fields::DOUBLE AS missing_fields,
    coalesce(d.hidden_payer, FALSE)::INTEGER::DOUBLE AS hidden_payer,
    coalesce(v.names_differ, 0)::DOUBLE AS names_differ,
    CASE
        WHEN j.has_russia_nexus OR g.goods_rank > 0 OR i.russian_inflow_30d
            THEN coalesce(v.names_differ, 0)
        ELSE 0
    END::DOUBLE
        AS names_differ_and_exposure,
    coalesce(c.plain_cover, FALSE)::INTEGER::DOUBLE AS plain_cover,
    coalesce(r.after_compliance_reject, FALSE)::INTEGER::DOUBLE AS after_compliance_reject,
    j.amount_log_usd::DOUBLE AS amount_log_usd,
    (e.transaction_id IS NOT NULL AND coalesce(g.goods_rank, 0) = 0)::INTEGER::DOUBLE AS exempt_trade,
    coalesce(w.transit_words, FALSE)::INTEGER::DOUBLE AS transit_words,
    coalesce(w.acts_for_another, FALSE)::INTEGER::DOUBLE AS acts_for_another,
    (
        coalesce(w.acts_for_another, FALSE)
        AND (coalesce(j.has_russia_nexus, FALSE) OR coalesce(o.russian_form, FALSE))
    )::INTEGER::DOUBLE AS other_and_nexus,
    coalesce(w.hiding_words, FALSE)::INTEGER::DOUBLE AS hiding_words,
    coalesce(w.agent_words, FALSE)::INTEGER::DOUBLE AS agent_words,
    (
        coalesce(w.agent_words, FALSE)
        AND (coalesce(j.has_russia_nexus, FALSE) OR coalesce(y.russian_payers_90d, 0) > 0)
    )::INTEGER::DOUBLE AS agent_and_russia,
    CASE WHEN i.russian_inflow_30d THEN coalesce(i.pass_through_ratio, 0) ELSE 0 END::DOUBLE
        AS passed_from_russia,
    coalesce(o.russian_form, FALSE)::INTEGER::DOUBLE AS russian_form_in_text,
    CASE
        WHEN j.value_date - j.incorporated_on <= 180 THEN coalesce(g.goods_rank, 0)
        ELSE 0
    END::DOUBLE AS newborn_and_goods,
    CASE
        WHEN coalesce(j.value_date - j.incorporated_on > 180, TRUE) THEN 0
        WHEN l.off_line THEN coalesce(g.goods_rank, 0)
        WHEN l.off_line IS NOT NULL THEN 0
    END::DOUBLE AS newborn_off_line,
    CASE WHEN l.off_line THEN coalesce(g.goods_rank, 0) ELSE 0 END::DOUBLE AS goods_off_line,
    CASE
        WHEN j.has_russia_nexus OR g.goods_rank > 0 THEN coalesce(p.alike_payments_14d, 0)
        ELSE 0
    END::DOUBLE AS alike_and_exposure,
    u.unit_price_ratio::DOUBLE AS unit_price_ratio,
    coalesce(w.consigned_no_end_user, FALSE)::INTEGER::DOUBLE AS consigned_no_end_user,
    CASE WHEN w.consigned_no_end_user THEN coalesce(g.goods_rank, 0) ELSE 0 END::DOUBLE
        AS consigned_and_goods,
    CASE
        WHEN w.service_words AND j.has_russia_nexus THEN coalesce(g.goods_rank, 0)
        ELSE 0
    END::DOUBLE AS service_and_goods,
    b.end_buyer_parties::DOUBLE AS end_buyer_parties,
    CASE WHEN g.goods_rank > 0 THEN coalesce(b.end_buyer_parties, 0) ELSE 0 END::DOUBLE
        AS end_buyer_and_goods,
    coalesce(q.pair_refused_60d, 0)::DOUBLE AS pair_refused_60d,
    coalesce(q.resent_with_less, FALSE)::INTEGER::DOUBLE AS resent_with_less,
    coalesce(q.currency_after_refusal, FALSE)::INTEGER::DOUBLE AS currency_after_refusal,
    least(coalesce(y.passed_on_before, 0), 10)::DOUBLE AS passed_on_before,
    least(coalesce(y.passed_russian_on_before, 0), 10)::DOUBLE AS passed_russian_on_before,
    least(coalesce(y.russian_payers_90d, 0), 10)::DOUBLE AS russian_payers_90d,
    CASE
        WHEN j.has_russia_nexus THEN least(coalesce(y.payee_passed_russian_on_before, 0), 10)
        ELSE 0
    END::DOUBLE
        AS payee_passes_on,
    CASE
        WHEN j.has_russia_nexus THEN least(coalesce(y.payee_russian_payers_90d, 0), 10)
        ELSE 0
    END::DOUBLE
        AS payee_russian_payers,
    coalesce(w.value_route_words, FALSE)::INTEGER::DOUBLE AS value_route_words,
    (
        coalesce(w.value_route_words, FALSE)
        AND (coalesce(j.has_russia_nexus, FALSE) OR coalesce(y.russian_payers_90d, 0) > 0)
    )::INTEGER::DOUBLE AS value_route_and_russia,
    coalesce(m.moved_bank, FALSE)::INTEGER::DOUBLE AS moved_bank,
    coalesce(m.moved_together, 0)::DOUBLE AS moved_together
FROM joined AS j
LEFT JOIN feature_hits AS h ON h.transaction_id = j.transaction_id
LEFT JOIN feature_owned AS n ON n.transaction_id = j.transaction_id
LEFT JOIN feature_goods AS g ON g.transaction_id = j.transaction_id
LEFT JOIN feature_parties AS d ON d.transaction_id = j.transaction_id
LEFT JOIN feature_pair AS p ON p.transaction_id = j.lead_id
LEFT JOIN feature_passing AS i ON i.transaction_id = j.transaction_id
LEFT JOIN feature_passing_before AS y ON y.transaction_id = j.lead_id
LEFT JOIN feature_cover AS c ON c.transaction_id = j.transaction_id
LEFT JOIN differing AS v ON v.transaction_id = j.transaction_id
LEFT JOIN feature_rejects AS r ON r.transaction_id = j.transaction_id
LEFT JOIN feature_refused AS q ON q.transaction_id = j.transaction_id
LEFT JOIN feature_signals AS w ON w.transaction_id = j.transaction_id
LEFT JOIN feature_russian_form AS o ON o.transaction_id = j.transaction_id
LEFT JOIN feature_price AS u ON u.transaction_id = j.transaction_id
LEFT JOIN feature_end_buyer AS b ON b.transaction_id = j.lead_id
LEFT JOIN feature_moves AS m ON m.transaction_id = j.transaction_id
LEFT JOIN off_line AS l ON l.transaction_id = j.transaction_id
LEFT JOIN exempt AS e ON e.transaction_id = j.transaction_id
