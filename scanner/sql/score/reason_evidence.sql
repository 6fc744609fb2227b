-- What each reason of a transaction rests on, in words with field and value.
--
-- makes: reason_evidence
-- grain: transaction_id, reason
-- reads: hits, goods_found, transactions, features, exceptions
WITH found AS (
    SELECT
        h.transaction_id,
        CASE
            WHEN h.match_kind = 'ownership' THEN 'R04'
            WHEN h.text_kind IS NOT NULL THEN 'R03'
            WHEN h.match_kind = 'bic' THEN 'R02'
            ELSE 'R01'
        END AS reason,
        h.score AS strength,
        concat(
            coalesce(h.role, h.text_kind), ' "', h.matched_text, '" (', h.field_path, ') ~ ',
            coalesce(h.entry_name, h.matched_name), ' (', h.entry_id, '), score ',
            round(h.score, 2)
        ) AS words
    FROM hits AS h
    WHERE h.match_kind <> 'address'

    UNION ALL

    SELECT
        g.transaction_id,
        'R05' AS reason,
        g.confidence AS strength,
        concat(
            '"', g.matched_text, '" (', g.field_path, '): ',
            concat_ws(
                ', ',
                'HS ' || g.hs6,
                'priority tier ' || g.chpl_tier,
                's.11 item category ' || g.item_category
            )
        ) AS words
    FROM goods_found AS g

    UNION ALL

    SELECT
        t.transaction_id,
        'R07' AS reason,
        1 AS strength,
        concat('from ', coalesce(t.debtor_country, '?'), ' to ', coalesce(t.creditor_country, '?'))
            AS words
    FROM transactions AS t

    UNION ALL

    SELECT
        f.transaction_id,
        'R08' AS reason,
        1 AS strength,
        concat(
            'customer founded ', f.days_since_incorporation::BIGINT, ' days before the payment'
        ) AS words
    FROM features AS f
    WHERE f.days_since_incorporation IS NOT NULL

    UNION ALL

    SELECT
        f.transaction_id,
        'R10' AS reason,
        1 AS strength,
        concat(f.pair_payments_30d::BIGINT, ' earlier payments of the pair within 30 days') AS words
    FROM features AS f
    WHERE f.pair_payments_30d > 0

    UNION ALL

    SELECT
        f.transaction_id,
        'R12' AS reason,
        1 AS strength,
        concat(
            f.chain_depth::BIGINT, ' banks in the chain',
            CASE WHEN f.further_bank_in_text > 0 THEN ', a further one only in the text' ELSE '' END
        ) AS words
    FROM features AS f
    WHERE f.chain_depth > 0

    UNION ALL

    SELECT
        f.transaction_id,
        'R13' AS reason,
        1 AS strength,
        concat_ws(
            ', ',
            CASE WHEN f.hidden_payer > 0 THEN 'the payer is not named' END,
            CASE WHEN f.names_differ > 0 THEN 'another message of the payment names others' END,
            CASE WHEN f.plain_cover > 0 THEN 'a plain bank transfer covers a customer transfer' END,
            CASE WHEN f.missing_fields > 0 THEN f.missing_fields::BIGINT || ' fields missing' END
        ) AS words
    FROM features AS f
    WHERE f.hidden_payer > 0
        OR f.names_differ > 0
        OR f.plain_cover > 0
        OR f.missing_fields > 0

    UNION ALL

    SELECT
        h.transaction_id,
        'R21' AS reason,
        h.score AS strength,
        concat(
            '"', h.matched_text, '" (', h.field_path, ') ~ ',
            coalesce(h.entry_name, h.matched_name)
        ) AS words
    FROM hits AS h
    WHERE h.match_kind <> 'address'

    UNION ALL

    SELECT
        f.transaction_id,
        p.reason,
        1 AS strength,
        p.words
    FROM features AS f
    CROSS JOIN LATERAL (
        VALUES
        (
            'R14',
            concat_ws(
                ', ',
                CASE
                    WHEN f.pair_refused_60d > 0
                        THEN f.pair_refused_60d::BIGINT || ' refused in 60 days'
                END,
                CASE WHEN f.resent_with_less > 0 THEN 'it now names less' END,
                CASE WHEN f.currency_after_refusal > 0 THEN 'now in another currency' END
            )
        ),
        ('R17', round(f.unit_price_ratio, 1) || ' times the usual price of a piece'),
        ('R18', CASE WHEN f.consigned_no_end_user > 0 THEN 'consigned to a bank' END),
        ('R19', f.end_buyer_parties::BIGINT || ' payers or suppliers of one buyer or contract'),
        (
            'R20',
            CASE
                WHEN f.moved_bank > 0
                    THEN concat(f.moved_together::BIGINT, ' others went the same way')
            END
        ),
        (
            'R22',
            concat_ws(
                ', ',
                CASE WHEN greatest(f.hidden_payer, f.hiding_words) > 0 THEN 'payer or words hidden' END,
                CASE
                    WHEN f.plain_cover > 0 OR f.names_differ > 0
                        THEN 'cover and payment differ'
                END,
                CASE WHEN f.further_bank_in_text > 0 THEN 'a bank in the text alone' END,
                CASE WHEN f.transit_words > 0 THEN 'transit or further credit' END,
                CASE
                    WHEN greatest(f.other_and_nexus, f.russian_form_in_text) > 0
                        THEN 'somebody in Russia behind it'
                END,
                CASE
                    WHEN f.after_compliance_reject > 0 OR f.pair_refused_60d > 0
                        THEN 'refused before'
                END,
                CASE
                    WHEN greatest(f.resent_with_less, f.currency_after_refusal) > 0
                        THEN 'changed after a refusal'
                END,
                CASE WHEN f.value_route_words > 0 THEN 'notes, offsets, bullion or crypto' END,
                CASE WHEN f.consigned_no_end_user > 0 THEN 'no end user' END,
                CASE WHEN f.moved_together >= 1 THEN 'moved to another bank with others' END,
                CASE WHEN f.unit_price_ratio >= 2 THEN 'price far above the usual' END,
                CASE WHEN f.end_buyer_parties >= 3 THEN 'one buyer behind several' END,
                CASE WHEN f.pass_through_ratio >= 0.88 THEN 'passed on as received' END,
                CASE WHEN f.alike_and_exposure >= 2 THEN 'alike payments in a row' END
            )
        )
    ) AS p (reason, words)
    WHERE p.words != ''

    UNION ALL

    SELECT
        t.transaction_id,
        'R15' AS reason,
        1 AS strength,
        concat(t.amount_usd, ' USD') AS words
    FROM transactions AS t
    WHERE t.amount_usd IS NOT NULL

    UNION ALL

    SELECT
        e.transaction_id,
        'R16' AS reason,
        1 AS strength,
        e.words
    FROM exceptions AS e
)

SELECT
    f.transaction_id,
    f.reason,
    max_by(f.words, (f.strength, f.words)) AS words
FROM found AS f
GROUP BY f.transaction_id, f.reason
