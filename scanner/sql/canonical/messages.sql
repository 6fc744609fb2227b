-- Every message as read, with the first copy of the same message where it is not the first.
--
-- makes: messages
-- grain: message_id
-- reads: read_messages, history_messages
--
-- Archives are exported again and overlap: the same text is kept, but counted once.
WITH earlier AS (
    SELECT
        h.content_sha256,
        min(h.message_id) AS message_id
    FROM history_messages AS h
    WHERE h.content_sha256 IN (SELECT r.content_sha256 FROM read_messages AS r)
    GROUP BY h.content_sha256
),

here AS (
    SELECT
        r.*,
        first_value(r.message_id) OVER (
            PARTITION BY r.content_sha256 ORDER BY r.source_file, r.byte_offset, r.message_id
        ) AS first_here
    FROM read_messages AS r
)

SELECT
    h.* EXCLUDE (first_here, duplicate_of),
    coalesce(e.message_id, nullif(h.first_here, h.message_id)) AS duplicate_of
FROM here AS h
LEFT JOIN earlier AS e ON e.content_sha256 = h.content_sha256
