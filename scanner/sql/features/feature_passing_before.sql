-- What the payer and the payee had passed on before, and had received from Russia.
--
-- makes: feature_passing_before
-- grain: transaction_id
-- reads: party_history
SELECT
    h.transaction_id,
    max(h.passed_on_before) FILTER (h.side = 'debtor') AS passed_on_before,
    max(h.russian_payers_before) FILTER (
        h.side = 'debtor' AND h.last_russian_payer_on >= h.value_date - 90
    ) AS russian_payers_90d,
    max(h.passed_russian_on_before) FILTER (h.side = 'debtor') AS passed_russian_on_before,
    max(h.passed_russian_on_before) FILTER (h.side = 'creditor') AS payee_passed_russian_on_before,
    max(h.russian_payers_before) FILTER (
        h.side = 'creditor' AND h.last_russian_payer_on >= h.value_date - 90
    ) AS payee_russian_payers_90d
FROM party_history AS h
GROUP BY h.transaction_id
