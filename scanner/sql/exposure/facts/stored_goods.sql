-- Payments of earlier runs for priority goods, each once.
--
-- makes: stored_goods
-- grain: transaction_id
-- reads: transfer_facts, history_goods_transfers
--
-- What is dated after this run's last payment says nothing of it.
SELECT h.*
FROM history_goods_transfers AS h
WHERE h.value_date <= (SELECT max(f.value_date) FROM transfer_facts AS f)
QUALIFY row_number() OVER (
    PARTITION BY coalesce(h.payment_id, h.transaction_id) ORDER BY h.value_date, h.transaction_id
) = 1
