-- What each counterparty bank's traffic exposes the bank to, month by month, with the seven factors
-- of a significant transaction as a panel.
--
-- makes: bank_exposure
-- grain: bank_bic8, month
-- reads: bank_months, bank_incidents, list_identifiers, list_entries
--
-- Only months that this run touches are written; a month that earlier runs began is
-- measured again with their transfers. Factors after 31 CFR 562.407 and FAQ 683.
WITH listed AS (
    SELECT DISTINCT left(i.value, 8) AS bic8
    FROM list_identifiers AS i
    INNER JOIN list_entries AS e ON e.entry_id = i.entry_id
    WHERE i.kind = 'bic' AND e.measure IN ('blocking', 'correspondent_account')
),

measured AS (
    SELECT
        m.*,
        l.bic8 IS NOT NULL AS is_listed,
        coalesce(x.rejected_count, 0) AS rejected_count,
        coalesce(x.returned_count, 0) AS returned_count,
        coalesce(x.delayed_count, 0) AS delayed_count,
        coalesce(x.nested_count, 0) AS nested_count,
        m.goods_value_usd / nullif(m.baseline_value_usd, 0) AS surge_factor
    FROM bank_months AS m
    LEFT JOIN listed AS l ON l.bic8 = m.bank_bic8
    LEFT JOIN bank_incidents AS x ON x.bank_bic8 = m.bank_bic8 AND x.month = m.month
    WHERE m.is_current
)

SELECT
    m.bank_bic8,
    m.month,
    m.payments,
    m.value_usd::DECIMAL(28, 2) AS value_usd,
    m.exposed_count,
    m.exposed_value_usd::DECIMAL(28, 2) AS exposed_value_usd,
    m.exposed_value_usd / nullif(m.value_usd, 0) AS exposed_share,
    m.is_listed,
    CASE WHEN m.is_listed THEN m.payments ELSE m.listed_count END AS listed_count,
    m.owned_count,
    m.items_count,
    m.nested_count,
    m.max_chain_depth::INTEGER AS max_chain_depth,
    m.nexus_count / m.payments AS russia_nexus_share,
    m.nexus_share_before_order AS russia_nexus_share_before_order,
    m.baseline_value_usd::DECIMAL(28, 2) AS baseline_value_usd,
    m.surge_factor,
    CASE
        WHEN m.previous_exposed_value_usd IS NULL THEN 'not_assessable'
        WHEN m.exposed_value_usd > m.previous_exposed_value_usd * 1.25 THEN 'rising'
        WHEN m.exposed_value_usd < m.previous_exposed_value_usd * 0.8 THEN 'falling'
        ELSE 'steady'
    END AS trend,
    m.delayed_count,
    m.rejected_count,
    m.returned_count,
    json_object(
        'a_size_and_frequency',
        json_object('payments', m.payments, 'value_usd', round(m.value_usd, 2)),
        'b_nature',
        json_object('goods_payments', m.items_count, 'max_chain_depth', m.max_chain_depth),
        'c_awareness_and_pattern',
        json_object('exposed_payments', m.exposed_count, 'surge_factor', round(m.surge_factor, 4)),
        'd_nexus_to_blocked_persons',
        json_object(
            'bank_is_listed', m.is_listed,
            'listed_payments', m.listed_count,
            'owned_payments', m.owned_count
        ),
        'e_deceptive_practices',
        json_object('nested_payments', m.nested_count, 'rejected', m.rejected_count),
        'f_effect_on_aims',
        json_object('goods_value_usd', round(m.goods_value_usd, 2), 'nexus_payments', m.nexus_count),
        'g_other',
        json_object('note', 'for the reviewer')
    )::VARCHAR AS significance
FROM measured AS m
