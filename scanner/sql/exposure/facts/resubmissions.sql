-- Transfers that look like a refused one sent again within 30 days: same amount within two percent
-- or the same figure in another currency,
-- and the payer or the paid one the same by account or by name.
--
-- makes: resubmissions
-- grain: transaction_id, refused_transaction_id
-- reads: refusals, transactions
WITH counted AS (
    SELECT
        t.*,
        t.amount_usd::DOUBLE AS usd,
        trim(regexp_replace(upper(strip_accents(t.debtor_name)), '[^\p{L}\p{N}]+', ' ', 'g'))
            AS debtor_name_key,
        trim(regexp_replace(upper(strip_accents(t.creditor_name)), '[^\p{L}\p{N}]+', ' ', 'g'))
            AS creditor_name_key
    FROM transactions AS t
    WHERE t.is_counted AND t.value_date IS NOT NULL
),

-- Amounts are met by classes of two percent (and the next on either side) or by the same figure,
-- so that a payer of very many payments is not compared with all of them.
refused_keys AS (
    SELECT
        r.refusal_id,
        r.refused_transaction_id,
        unnest([
            'creditor account ' || r.creditor_account,
            'debtor account ' || r.debtor_account,
            'creditor name ' || nullif(r.creditor_name_key, ''),
            'debtor name ' || nullif(r.debtor_name_key, '')
        ]) AS party,
        size
    FROM refusals AS r
    CROSS JOIN LATERAL (
        SELECT unnest([
            'usd' || (floor(ln(greatest(r.amount_usd, 1)) / 0.02)::BIGINT - 1),
            'usd' || floor(ln(greatest(r.amount_usd, 1)) / 0.02)::BIGINT,
            'usd' || (floor(ln(greatest(r.amount_usd, 1)) / 0.02)::BIGINT + 1),
            'figure' || r.amount::VARCHAR
        ]) AS size
    ) AS s
),

counted_keys AS (
    SELECT
        c.transaction_id,
        unnest([
            'creditor account ' || c.creditor_account,
            'debtor account ' || c.debtor_account,
            'creditor name ' || nullif(c.creditor_name_key, ''),
            'debtor name ' || nullif(c.debtor_name_key, '')
        ]) AS party,
        size
    FROM counted AS c
    CROSS JOIN LATERAL (
        SELECT unnest([
            'usd' || floor(ln(greatest(c.usd, 1)) / 0.02)::BIGINT,
            'figure' || c.amount::VARCHAR
        ]) AS size
    ) AS s
    WHERE EXISTS (SELECT 1 FROM refusals AS r)
),

matched AS (
    SELECT DISTINCT
        k.transaction_id,
        r.refused_transaction_id,
        r.refusal_id,
        regexp_extract(k.party, '^[a-z]+ [a-z]+') AS same_by
    FROM refused_keys AS r
    INNER JOIN counted_keys AS k ON k.party = r.party AND k.size = r.size
)

SELECT
    c.transaction_id,
    r.refused_transaction_id,
    any_value(r.kind) AS refusal_kind,
    any_value(r.reason_class) AS reason_class,
    any_value(r.refused_on) AS refused_on,
    any_value(c.value_date) AS value_date,
    list_sort(list(DISTINCT m.same_by)) AS same_by,
    any_value(r.currency IS DISTINCT FROM c.currency) AS is_other_currency,
    any_value(r.message_type IS DISTINCT FROM c.message_type) AS is_other_message_type,
    any_value(
        -- Where a message names no bank of the payee, its receiver is that bank.
        coalesce(
            left(coalesce(r.creditor_agent_bic, r.receiver_bic), 8)
            <> left(coalesce(c.creditor_agent_bic, c.receiver_bic), 8),
            FALSE
        )
        OR coalesce(left(r.receiver_bic, 8) <> left(c.receiver_bic, 8), FALSE)
    ) AS is_other_bank,
    any_value(r.debtor_name_key IS DISTINCT FROM c.debtor_name_key) AS is_other_debtor,
    any_value(r.creditor_name_key IS DISTINCT FROM c.creditor_name_key) AS is_other_creditor,
    any_value(r.debtor_name) AS refused_debtor_name,
    any_value(c.debtor_name) AS debtor_name,
    any_value(r.creditor_name) AS refused_creditor_name,
    any_value(c.creditor_name) AS creditor_name,
    any_value(
        (r.debtor_country IS NOT NULL AND c.debtor_country IS NULL)
        OR (r.creditor_country IS NOT NULL AND c.creditor_country IS NULL)
    ) AS is_country_removed,
    any_value(
        len(string_split(c.debtor_name_key, ' ')) < len(string_split(r.debtor_name_key, ' '))
        AND list_has_all(string_split(r.debtor_name_key, ' '), string_split(c.debtor_name_key, ' '))
        OR len(string_split(c.creditor_name_key, ' ')) < len(string_split(r.creditor_name_key, ' '))
        AND list_has_all(
            string_split(r.creditor_name_key, ' '), string_split(c.creditor_name_key, ' ')
        )
        OR (r.debtor_name_key <> '' AND coalesce(c.debtor_name_key, '') = '')
        OR (r.creditor_name_key <> '' AND coalesce(c.creditor_name_key, '') = '')
    ) AS is_name_shortened
FROM matched AS m
INNER JOIN refusals AS r
    ON r.refused_transaction_id = m.refused_transaction_id AND r.refusal_id = m.refusal_id
INNER JOIN counted AS c ON c.transaction_id = m.transaction_id
WHERE c.transaction_id <> r.refused_transaction_id
    AND c.value_date BETWEEN r.refused_on AND r.refused_on + 30
    AND (c.value_date, c.transaction_id) > (r.value_date, r.refused_transaction_id)
    -- The other legs and the cover of the refused payment are no resubmission.
    AND (c.payment_id IS DISTINCT FROM r.payment_id OR c.value_date > r.refused_on)
    AND (abs(c.usd - r.amount_usd) <= 0.02 * r.amount_usd OR c.amount = r.amount)
GROUP BY c.transaction_id, r.refused_transaction_id
