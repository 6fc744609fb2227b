-- Licences and exempt trades that may cover a transaction on its value date: a reason to lower a
-- score, never a silent drop.
--
-- makes: exceptions
-- grain: transaction_id, code, words
-- reads: signals_found, goods_facts, ref_licences, transactions, nexus_summary, hit_facts
--
-- Source: OFAC FAQ 1182. Only words of a trade count, only where no priority good stands
-- beside them (a claim beside such goods is an indicator of its own, EV-08), and only where
-- there is something to except: a Russia nexus or a hit by more than an address.
SELECT
    s.transaction_id,
    l.code,
    l.words,
    l.trade,
    l.valid_from::DATE AS valid_from,
    l.valid_to::DATE AS valid_to,
    l.source,
    min(s.field_path) AS field_path,
    min(s.matched_text) AS matched_text
FROM signals_found AS s
INNER JOIN ref_licences AS l ON l.trade = s.value
INNER JOIN transactions AS t ON t.transaction_id = s.transaction_id
LEFT JOIN goods_facts AS g ON g.transaction_id = s.transaction_id
WHERE s.transaction_id IN (
        SELECT n.transaction_id
        FROM nexus_summary AS n
        UNION
        SELECT h.transaction_id
        FROM hit_facts AS h
        WHERE h.match_kind <> 'address'
    )
    AND s.signal = 'exempt_trade'
    AND s.place = 'text'
    AND g.transaction_id IS NULL
    AND t.value_date >= l.valid_from::DATE
    AND (l.valid_to IS NULL OR t.value_date <= l.valid_to::DATE)
GROUP BY ALL
