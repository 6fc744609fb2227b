-- The risk model's view of each transaction: one column per feature of reference/features.csv.
--
-- makes: features
-- grain: transaction_id
-- reads: feature_evidence
--
-- NULL means not known and lowers nothing. Nothing here looks at a later payment. The last
-- columns join what the others say one by one, so that a way of hiding that no training
-- payment used still counts by what it has in common with those that one did.
WITH together AS (
    SELECT
        e.*,
        greatest(
            coalesce(e.party_score, 0),
            coalesce(e.bank_listed, 0),
            coalesce(e.text_score, 0),
            coalesce(e.owned_score, 0)
        ) AS listed_evidence,
        greatest(e.hidden_payer, e.hiding_words)
        + greatest(e.plain_cover, (e.names_differ > 0)::INTEGER)
        + e.further_bank_in_text
        + e.transit_words
        + greatest(e.other_and_nexus, e.russian_form_in_text)
        + greatest(e.after_compliance_reject, least(e.pair_refused_60d, 1))
        + greatest(e.resent_with_less, e.currency_after_refusal)
        + e.value_route_words
        + e.consigned_no_end_user
        + (e.moved_together >= 1)::INTEGER
        + coalesce((e.unit_price_ratio >= 2)::INTEGER, 0)
        + coalesce((e.end_buyer_parties >= 3)::INTEGER, 0)
        + coalesce((e.pass_through_ratio >= 0.88)::INTEGER, 0)
        + (e.alike_and_exposure >= 2)::INTEGER
            AS evasion_signs
    FROM feature_evidence AS e
)

SELECT
    t.transaction_id,
    t.party_score,
    t.party_rarity,
    t.bank_listed,
    t.text_score,
    t.owned_score,
    t.goods_rank,
    t.goods_confidence,
    t.item_found,
    t.russia_nexus,
    t.russia_in_text,
    t.goods_and_nexus,
    t.goods_and_hub,
    t.hub_corridor,
    t.days_since_incorporation,
    t.founded_after_invasion,
    t.new_and_goods,
    t.first_time_pair,
    t.pair_payments_30d,
    t.pair_evenness_30d,
    t.russian_inflow_30d,
    t.pass_through_ratio,
    t.chain_depth,
    t.further_bank_in_text,
    t.missing_fields,
    t.hidden_payer,
    t.names_differ,
    t.names_differ_and_exposure,
    t.plain_cover,
    t.after_compliance_reject,
    t.amount_log_usd,
    t.exempt_trade,
    t.transit_words,
    t.acts_for_another,
    t.other_and_nexus,
    t.hiding_words,
    t.agent_words,
    t.agent_and_russia,
    t.passed_from_russia,
    t.russian_form_in_text,
    t.newborn_and_goods,
    t.newborn_off_line,
    t.goods_off_line,
    t.alike_and_exposure,
    t.unit_price_ratio,
    t.consigned_no_end_user,
    t.consigned_and_goods,
    t.service_and_goods,
    t.end_buyer_parties,
    t.end_buyer_and_goods,
    t.pair_refused_60d,
    t.resent_with_less,
    t.currency_after_refusal,
    t.passed_on_before,
    t.passed_russian_on_before,
    t.russian_payers_90d,
    t.payee_passes_on,
    t.payee_russian_payers,
    t.value_route_words,
    t.value_route_and_russia,
    t.moved_bank,
    t.moved_together,
    t.listed_evidence::DOUBLE AS listed_evidence,
    t.evasion_signs::DOUBLE AS evasion_signs,
    CASE
        WHEN
            coalesce(t.russia_nexus, 0) > 0
            OR t.goods_rank > 0
            OR t.russian_inflow_30d > 0
            OR t.russian_form_in_text > 0
            THEN t.evasion_signs
        ELSE 0
    END::DOUBLE AS signs_and_exposure
FROM together AS t
