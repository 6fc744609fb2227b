-- Every table and column of the snapshot with its type and meaning.
--
-- makes: data_dictionary()
-- grain: table_name, position
-- reads:
SELECT
    c.table_name,
    c.column_index AS position,
    c.column_name,
    c.data_type,
    c.comment AS meaning
FROM duckdb_columns() AS c
WHERE NOT c.internal AND c.database_name = current_database()
ORDER BY c.table_name, c.column_index
