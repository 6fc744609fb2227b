-- What a decision on an alert rests on, item by item: list entries that were met (suppressed hits
-- left out), indicators found, hard rules that fired. A cleared alert opens again when an item comes
-- that its decision did not see. Give an alert_id for one alert; NULL is all.
--
-- makes: evidence_items(wanted_alert := NULL)
-- grain: alert_id, item
-- reads: alerts, hits, indicators, scores
SELECT a.alert_id, concat('entry ', h.entry_id) AS item
FROM alerts AS a
JOIN hits AS h USING (transaction_id)
WHERE h.is_suppressed IS DISTINCT FROM true
  AND (wanted_alert IS NULL OR a.alert_id = wanted_alert)
UNION
SELECT a.alert_id, concat('indicator ', i.code)
FROM alerts AS a
JOIN indicators AS i USING (transaction_id)
WHERE i.outcome = 'found' AND (wanted_alert IS NULL OR a.alert_id = wanted_alert)
UNION
SELECT a.alert_id, concat('rule ', unnest(s.obligation_codes))
FROM alerts AS a
JOIN scores AS s USING (transaction_id)
WHERE wanted_alert IS NULL OR a.alert_id = wanted_alert
ORDER BY a.alert_id, item
