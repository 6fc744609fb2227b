-- Whether the payer came from a bank in another country lately, and how many left that bank with it.
--
-- makes: feature_moves
-- grain: transaction_id
-- reads: past_transfers, transfer_facts
--
-- A payer is its name and country, since the account changes with the bank. Earlier
-- payments alone count: the move itself is the first payment through the new bank.
WITH seen AS (
    SELECT
        p.transaction_id,
        p.value_date,
        p.debtor_name_key || '|' || coalesce(p.debtor_country, '') AS payer,
        p.debtor_agent_bic8 AS bank,
        lag(p.debtor_agent_bic8) OVER earlier AS bank_before,
        lag(p.value_date) OVER earlier AS paid_before,
        row_number() OVER (
            PARTITION BY p.debtor_name_key, p.debtor_country, p.debtor_agent_bic8
            ORDER BY p.value_date, p.transaction_id
        ) = 1 AS is_first_through_bank
    FROM past_transfers AS p
    WHERE p.debtor_name_key IS NOT NULL AND p.debtor_agent_bic8 IS NOT NULL
    WINDOW earlier AS (
        PARTITION BY p.debtor_name_key, p.debtor_country ORDER BY p.value_date, p.transaction_id
    )
),

moves AS (
    SELECT
        s.payer,
        s.bank,
        s.bank_before,
        s.value_date,
        count(*) OVER (
            PARTITION BY s.bank_before
            ORDER BY s.value_date
            RANGE BETWEEN INTERVAL 45 DAY PRECEDING AND CURRENT ROW
        ) AS left_together
    FROM seen AS s
    WHERE s.is_first_through_bank
        AND substr(s.bank_before, 5, 2) != substr(s.bank, 5, 2)
        AND s.value_date - s.paid_before <= 180
)

SELECT
    f.transaction_id,
    m.payer IS NOT NULL AS moved_bank,
    coalesce(least(m.left_together - 1, 5), 0) AS moved_together
FROM transfer_facts AS f
ASOF JOIN moves AS m
    ON m.payer = f.debtor_name_key || '|' || coalesce(f.debtor_country, '')
    AND m.bank = f.debtor_agent_bic8
    AND f.value_date >= m.value_date
WHERE f.value_date - m.value_date <= 60
