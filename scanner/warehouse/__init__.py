"""The only room that knows DuckDB.

`connection` opens a private database and moves Arrow tables in and out,
`relations` reads the `.sql` files with their headers and orders them,
`snapshot` publishes the database that analysts open, and `readonly` answers
their questions without letting them write, read other files or run for ever.
"""

from scanner.warehouse.connection import ParquetPart, Warehouse
from scanner.warehouse.relations import Relation, load_relations, relations_by_name
from scanner.warehouse.storage_faults import storage_faults

__all__ = [
    "ParquetPart",
    "Relation",
    "Warehouse",
    "load_relations",
    "relations_by_name",
    "storage_faults",
]
