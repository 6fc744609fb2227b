-- The reasons of each score, strongest first: obligations, then the model's own contributions.
--
-- makes: reasons
-- grain: transaction_id
-- reads: model_contributions, obligations, reason_evidence, ref_reason_codes
--
-- Contributions are log-odds and exact; those that hardly count are left out.
WITH every AS (
    SELECT
        o.transaction_id,
        0 AS rank_class,
        o.code,
        NULL::DOUBLE AS contribution,
        o.words
    FROM obligations AS o

    UNION ALL

    SELECT
        m.transaction_id,
        1 AS rank_class,
        m.code,
        m.contribution,
        concat_ws(': ', c.words, e.words) AS words
    FROM model_contributions AS m
    INNER JOIN ref_reason_codes AS c ON c.code = m.code
    LEFT JOIN reason_evidence AS e ON e.transaction_id = m.transaction_id AND e.reason = m.code
)

SELECT
    v.transaction_id,
    list(
        {'code': v.code, 'contribution': v.contribution, 'words': v.words}
        ORDER BY v.rank_class, abs(v.contribution) DESC, v.code
    ) AS reasons
FROM every AS v
GROUP BY v.transaction_id
