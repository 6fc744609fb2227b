-- The features of each stored payment as they were on its date: without what was listed later.
--
-- makes: features_then
-- grain: transaction_id
-- reads: features, feature_hits, later_hits
--
-- All other features look at the payment and at earlier ones alone, so that they stand as stored.
-- feature_hits holds here the hits that were listed by the value date or have no date of listing.
SELECT
    f.* REPLACE (
        CASE WHEN l.transaction_id IS NULL THEN f.party_score ELSE h.party_score END::DOUBLE
            AS party_score,
        CASE WHEN l.transaction_id IS NULL THEN f.party_rarity ELSE h.party_rarity END::DOUBLE
            AS party_rarity,
        CASE WHEN l.transaction_id IS NULL THEN f.bank_listed ELSE coalesce(h.bank_score, 0) END::DOUBLE
            AS bank_listed,
        CASE WHEN l.transaction_id IS NULL THEN f.text_score ELSE h.text_score END::DOUBLE
            AS text_score,
        -- Whether a share blocks is not asked again: it counts where its owner was listed by then.
        CASE
            WHEN l.transaction_id IS NULL OR h.owned_score IS NOT NULL THEN f.owned_score
        END::DOUBLE AS owned_score,
        CASE
            WHEN l.transaction_id IS NULL THEN f.listed_evidence
            ELSE
                greatest(
                    coalesce(h.party_score, 0),
                    coalesce(h.bank_score, 0),
                    coalesce(h.text_score, 0),
                    CASE WHEN h.owned_score IS NOT NULL THEN coalesce(f.owned_score, 0) ELSE 0 END
                )
        END::DOUBLE AS listed_evidence
    )
FROM features AS f
LEFT JOIN later_hits AS l ON l.transaction_id = f.transaction_id
LEFT JOIN feature_hits AS h ON h.transaction_id = f.transaction_id
