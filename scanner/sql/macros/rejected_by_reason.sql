-- What could not be read, by reason and type, with the place of the first example.
--
-- makes: rejected_by_reason()
-- grain: reason_code, message_type
-- reads: rejected
SELECT
    r.reason_code,
    r.message_type,
    count(*) AS pieces,
    count(DISTINCT r.source_file) AS files,
    min_by(r.reason, (r.source_file, r.byte_offset)) AS example,
    min(concat(r.source_file, ', byte ', r.byte_offset)) AS source
FROM rejected AS r
GROUP BY r.reason_code, r.message_type
ORDER BY pieces DESC, r.reason_code, r.message_type
