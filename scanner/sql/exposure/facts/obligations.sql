-- Hard rules that fired: a payment with a row here alerts whatever the model says.
--
-- makes: obligations
-- grain: transaction_id, code
-- reads: hit_facts, owned_party_facts, listed_bank_facts, ref_indicators
--
-- Blocking measures, account bans and the 50 Percent Rule oblige; a strong name in free
-- text, a listing after the value date, other measures and export control lists oblige a
-- review. Source: E.O. 14024 s.11(a), OFAC FAQs 398-402, 1148, 1151, 1181.
WITH fired AS (
    SELECT
        h.transaction_id,
        CASE
            WHEN h.text_kind IS NOT NULL THEN 'EX-02'
            WHEN h.measure = 'export_control' THEN 'RF-04'
            WHEN h.is_agent AND h.measure IN ('blocking', 'correspondent_account') THEN 'RF-03'
            WHEN h.eo14024_blocked OR h.section_11_remark THEN 'RF-01'
            ELSE 'EX-01'
        END AS code,
        CASE
            WHEN h.text_kind IS NULL
                AND h.is_known_on_payment_date
                AND h.measure IN ('blocking', 'correspondent_account')
                THEN 'escalate'
            ELSE 'review'
        END AS band_floor,
        h.score,
        coalesce(h.role, h.text_kind) || ' "' || h.matched_text || '" is ' || h.entry_name || ' ('
        || h.entry_id || ')'
        || CASE WHEN h.is_known_on_payment_date THEN '' ELSE ', listed after the value date' END
            AS words
    FROM hit_facts AS h
    WHERE h.is_strong
        AND NOT h.is_delisted
        AND h.match_kind NOT IN ('ownership', 'address')
        AND h.measure <> 'other'
    UNION ALL
    SELECT
        l.transaction_id,
        'RF-03',
        CASE WHEN l.is_known_on_payment_date THEN 'escalate' ELSE 'review' END,
        1.0,
        array_to_string(l.roles, ', ') || ' ' || l.bic8 || ' is ' || coalesce(l.entry_name, '?')
        || ' (' || l.entry_id || ')'
        || CASE WHEN l.is_known_on_payment_date THEN '' ELSE ', listed after the value date' END
    FROM listed_bank_facts AS l
    WHERE l.measure IN ('blocking', 'correspondent_account')
    UNION ALL
    SELECT
        o.transaction_id,
        'RF-02',
        'escalate',
        o.score,
        coalesce(o.role, 'party') || ' "' || o.matched_text || '" is owned to '
        || round(o.effective_percent, 1)::VARCHAR || ' percent by blocked persons'
    FROM owned_party_facts AS o
    WHERE o.is_strong AND o.is_blocked
)

SELECT
    f.transaction_id,
    f.code,
    arg_max(f.words, (f.band_floor = 'escalate', f.score, f.words)) AS words,
    min(f.band_floor) AS band_floor
FROM fired AS f
INNER JOIN ref_indicators AS i ON i.code = f.code
GROUP BY f.transaction_id, f.code
