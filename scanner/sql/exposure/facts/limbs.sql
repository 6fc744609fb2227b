-- What section 11(a) of E.O. 14024 would say of each transaction: the persons limb and the items
-- limb, each none, possible or certain, and what that rests on.
--
-- makes: limbs
-- grain: transaction_id
-- reads: transactions, hit_facts, owned_party_facts, listed_bank_facts, goods_facts, nexus_summary,
-- corridor_facts
--
-- The order is of 2023-12-22: an earlier payment is out of its scope, its findings remain.
-- Persons limb: designated for operating in technology, defense, construction, aerospace or
-- manufacturing; certain only where a source states that basis. Since 2024-06-12 OFAC reads
-- every person blocked under E.O. 14024 as part of the military-industrial base, which works
-- through the items limb (FAQ 1181). Determined items sent to Russia are certain; a good of
-- the Common High Priority List alone is possible, since the two lists are not the same. An
-- owned firm counts where persons blocked under E.O. 14024 hold 50 percent or more of it; one
-- that other blocked persons hold obliges (RF-02) and touches no limb.
WITH persons AS (
    SELECT
        h.transaction_id,
        h.is_strong AND h.text_kind IS NULL AND h.is_known_on_payment_date AS is_certain_person,
        regexp_matches(
            lower(coalesce(h.designation_basis, '')),
            'technology|defen[cs]e|construction|aerospace|manufacturing'
        ) AS is_base_sector,
        h.entry_name || ' (' || h.entry_id || ')' AS who
    FROM hit_facts AS h
    WHERE (h.eo14024_blocked OR h.section_11_remark)
        AND NOT h.is_delisted
        AND h.match_kind NOT IN ('ownership', 'address')
        AND (h.is_strong OR h.score >= 0.7)
    UNION ALL
    SELECT
        l.transaction_id,
        l.is_known_on_payment_date,
        FALSE,
        coalesce(l.entry_name, '?') || ' (' || l.entry_id || ')'
    FROM listed_bank_facts AS l
    WHERE l.eo14024_blocked OR l.section_11_remark
    UNION ALL
    SELECT
        o.transaction_id,
        o.is_strong,
        FALSE,
        o.owned_name || ', owned by persons blocked under E.O. 14024'
    FROM owned_party_facts AS o
    WHERE o.is_blocked_by_eo14024
),

person_limb AS (
    SELECT
        p.transaction_id,
        bool_or(p.is_certain_person) AS has_certain_person,
        bool_or(p.is_certain_person AND p.is_base_sector) AS has_base_sector,
        min_by(p.who, (NOT p.is_certain_person, p.who)) AS who
    FROM persons AS p
    GROUP BY p.transaction_id
),

judged AS (
    SELECT
        t.transaction_id,
        t.value_date,
        p.who,
        g.item_category,
        g.chpl_tier,
        CASE
            WHEN p.transaction_id IS NULL THEN 'none'
            WHEN p.has_base_sector THEN 'certain'
            ELSE 'possible'
        END AS limb_persons,
        CASE
            WHEN p.has_certain_person AND t.value_date >= DATE '2024-06-12' THEN 'certain'
            WHEN g.item_category IS NOT NULL AND g.item_confidence >= 0.8
                AND coalesce(n.party_weight, 0) >= 1 THEN 'certain'
            WHEN p.transaction_id IS NOT NULL AND t.value_date >= DATE '2024-06-12' THEN 'possible'
            WHEN g.transaction_id IS NOT NULL
                AND (coalesce(n.weight, 0) >= 0.6 OR coalesce(c.is_diversion, FALSE))
                THEN 'possible'
            ELSE 'none'
        END AS limb_items,
        concat_ws(
            '; ',
            'blocked person: ' || p.who,
            CASE
                WHEN p.has_certain_person AND NOT p.has_base_sector
                    THEN 'sector of the designation not stated'
            END,
            CASE
                WHEN p.transaction_id IS NOT NULL AND t.value_date >= DATE '2024-06-12'
                    THEN 'every person blocked under E.O. 14024 counts since 2024-06-12 (FAQ 1181)'
            END,
            'item category ' || g.item_category::VARCHAR,
            'priority good of tier ' || g.chpl_tier,
            'nexus: ' || array_to_string(n.places, ', '),
            CASE WHEN g.transaction_id IS NOT NULL AND c.is_diversion THEN 'diversion corridor' END
        ) AS basis
    FROM transactions AS t
    LEFT JOIN person_limb AS p ON p.transaction_id = t.transaction_id
    LEFT JOIN goods_facts AS g ON g.transaction_id = t.transaction_id
    LEFT JOIN nexus_summary AS n ON n.transaction_id = t.transaction_id
    LEFT JOIN corridor_facts AS c ON c.transaction_id = t.transaction_id
)

SELECT
    j.transaction_id,
    CASE WHEN j.value_date < DATE '2023-12-22' THEN 'none' ELSE j.limb_persons END AS limb_persons,
    CASE WHEN j.value_date < DATE '2023-12-22' THEN 'none' ELSE j.limb_items END AS limb_items,
    CASE
        WHEN j.limb_persons = 'none' AND j.limb_items = 'none' THEN NULL
        WHEN j.value_date < DATE '2023-12-22'
            THEN 'value date before E.O. 14114 of 2023-12-22; ' || j.basis
        WHEN j.value_date IS NULL THEN 'value date not known; ' || j.basis
        ELSE j.basis
    END AS limb_basis
FROM judged AS j
