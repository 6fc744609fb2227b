-- Which alerts concern one bank?
--
-- makes: alerts_of_one_bank
-- grain: alert_id
-- reads: 
SELECT alert_id, reference, value_date, band, score, headline, status
FROM alerts_for('TESTAEAD')
