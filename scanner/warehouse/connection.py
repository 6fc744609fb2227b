"""A private DuckDB database for one run: Arrow tables in, relations built, Arrow tables out.

Nobody else opens it, so the single-writer rule of DuckDB never hurts. Memory is
bounded by configuration; what does not fit spills into the run's own folder.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl
import pyarrow as pa

from scanner.errors import IntegrityError, ScannerError
from scanner.schema import TABLES, Table
from scanner.warehouse.relations import Relation, ordered
from scanner.warehouse.storage_faults import storage_error_of

_SAFE_CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

# transaction_id is message_id, a hyphen and the position in the message
_MESSAGE_OF_TRANSACTION = "regexp_replace(r.transaction_id, '-[0-9]+$', '')"


@dataclass(frozen=True)
class ParquetPart:
    """A run's Parquet file, and which source files' rows in it no longer count.

    Attributes:
        path: Rows with a message_id or a transaction_id.
        messages: The same run's messages.
        without_sources: SHA-256 of source files whose rows are left out.
    """

    path: Path
    messages: Path
    without_sources: tuple[str, ...] = ()


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _parquet(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(_literal(path) for path in paths)}])"


class _Stream:
    """Hands a result over as an Arrow C stream.

    Passing the relation itself leaves references behind that DuckDB 2.0 reports
    on stderr when the process ends.
    """

    def __init__(self, relation: duckdb.DuckDBPyRelation) -> None:
        self._relation = relation

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._relation.__arrow_c_stream__(requested_schema)


class Warehouse:
    """One private database.

    Args:
        path: Database file; None keeps it in memory.
        memory_limit_mb: Memory that DuckDB may use, in MiB.
        threads: Worker threads.
        spill_dir: Folder for what does not fit into memory; None = no spilling.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        memory_limit_mb: int = 2048,
        threads: int = 2,
        spill_dir: Path | None = None,
    ) -> None:
        config: dict[str, str | bool | int | float | list[str]] = dict(_SAFE_CONFIG)
        config["memory_limit"] = f"{memory_limit_mb}MiB"
        config["threads"] = str(threads)
        if spill_dir is not None:
            config["temp_directory"] = str(spill_dir)
        self._con = duckdb.connect(str(path) if path else ":memory:", config=config)
        # A batch job has no terminal of its own; order is stated where it matters.
        self._con.execute("SET enable_progress_bar = false")

    @classmethod
    def resumed(cls, path: Path, **settings: Any) -> Self:
        """Open the database of an interrupted run; one that is damaged begins anew, empty.

        A process killed, or a disk full, while the file was made leaves no valid database.

        Args:
            path: Database file, which may exist.
            settings: As for the class.
        """
        try:
            return cls(path, **settings)
        except (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException) as error:
            if not path.is_file() or storage_error_of(error, path) is not None:
                raise
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()
        return cls(path, **settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; what was in memory is gone."""
        self._con.close()

    def execute(self, statement: str, parameters: Sequence[object] | None = None) -> None:
        """Run one statement whose result nobody needs."""
        self._con.execute(statement, parameters)

    def rows(self, query: str, parameters: Sequence[object] | None = None) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        return self._con.execute(query, parameters).fetchall()

    def row(self, query: str, parameters: Sequence[object] | None = None) -> tuple[Any, ...]:
        """Run a query that returns exactly one row."""
        found = self.rows(query, parameters)
        if len(found) != 1:
            raise ScannerError(f"expected one row, got {len(found)}", where=query)
        return found[0]

    def arrow(self, query: str, parameters: Sequence[object] | None = None) -> pa.Table:
        """Run a query and return its result as an Arrow table."""
        relation = self._con.sql(query, params=parameters)
        return pa.table(_Stream(relation))

    def batches(self, query: str, *, rows_per_batch: int = 100_000) -> Iterator[pa.RecordBatch]:
        """Run a query and stream its result, so that memory stays bounded."""
        # A connection of its own: the caller may write what it makes of a batch meanwhile.
        with self._con.cursor() as reading:
            yield from reading.sql(query).to_arrow_reader(rows_per_batch)

    def frame(self, query: str, parameters: Sequence[object] | None = None) -> pl.DataFrame:
        """Run a query and return its result as a Polars frame."""
        frame = pl.from_arrow(self.arrow(query, parameters))
        assert isinstance(frame, pl.DataFrame)
        return frame

    def count(self, name: str) -> int:
        """Rows of a table."""
        return int(self.row(f'SELECT count(*) FROM "{name}"')[0])

    def has(self, name: str) -> bool:
        """Whether a table or view of this name exists."""
        return bool(
            self.rows("SELECT 1 FROM information_schema.tables WHERE table_name = ?", [name])
        )

    def drop_all_but(self, kept: Sequence[str]) -> None:
        """Drop every table and view that is not named."""
        found = self.rows("SELECT table_name, table_type FROM information_schema.tables")
        for name, kind in found:
            if name not in kept:
                self._con.execute(f'DROP {"VIEW" if kind == "VIEW" else "TABLE"} "{name}"')

    def create(self, *tables: Table) -> None:
        """Create declared tables, empty."""
        for table in tables:
            self._con.execute(table.ddl())

    def create_all(self) -> None:
        """Create every declared table that does not exist yet, empty."""
        for table in TABLES.values():
            self._con.execute(table.ddl(if_absent=True))

    @contextmanager
    def view_of(self, name: str, data: pa.Table | pa.RecordBatchReader) -> Iterator[None]:
        """Make Arrow data readable under a name for the length of the block."""
        self._con.register(name, data)
        try:
            yield
        finally:
            self._con.unregister(name)

    def create_like(self, name: str, table: Table) -> None:
        """Create an empty table of another name with a declared table's columns."""
        self._con.execute(replace(table, name=name).ddl())

    def append(self, name: str, data: pa.Table, *, into: str | None = None) -> None:
        """Append Arrow data to a declared table; columns are matched by name.

        Args:
            name: The declaration that the data must keep.
            data: Rows to append.
            into: Table made by `create_like` that takes the rows instead.

        Raises:
            IntegrityError: A column is unknown, or a required value is missing.
        """
        table = TABLES[name]
        unknown = set(data.column_names) - set(table.column_names)
        if unknown:
            raise IntegrityError(f"table {name} has no column {', '.join(sorted(unknown))}")
        if data.num_rows == 0:
            return
        with self.view_of("__incoming", data):
            try:
                self._con.execute(f'INSERT INTO "{into or name}" BY NAME SELECT * FROM __incoming')
            except duckdb.ConstraintException as error:
                raise IntegrityError(
                    f"a required value is missing in {name}", where=str(error)
                ) from error

    def load(self, name: str, data: pa.Table) -> None:
        """Create or replace an undeclared table from Arrow data, such as a reference table."""
        with self.view_of("__incoming", data):
            self._con.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM __incoming')

    def build(self, relation: Relation) -> None:
        """Make one relation from its file.

        A declared table is filled by name, so that its types and required
        columns hold; any other relation becomes a table of its own.
        """
        try:
            if relation.makes in TABLES:
                self._con.execute(TABLES[relation.makes].ddl(if_absent=True))
                self._con.execute(f'INSERT INTO "{relation.makes}" BY NAME {relation.sql}')
            else:
                self._con.execute(f'CREATE OR REPLACE TABLE "{relation.makes}" AS {relation.sql}')
        except duckdb.Error as error:
            raise ScannerError(
                f"relation {relation.makes} cannot be built",
                where=f"{relation.path}: {error}",
            ) from error

    def build_all(self, relations: Iterable[Relation]) -> None:
        """Make relations in the order in which they read each other."""
        for relation in ordered(relations):
            self.build(relation)

    def table_names_in(self, query: str) -> set[str]:
        """The tables that a query reads, as DuckDB parses it.

        Only the parser is asked: binding window ranges and ASOF joins needs the
        columns' types, which a query over tables that do not exist cannot have.
        """
        tree = json.loads(self.row("SELECT json_serialize_sql(?)", [query])[0])
        if tree["error"]:
            raise ScannerError("the query cannot be parsed", where=tree["error_message"])
        tables: set[str] = set()
        inner: set[str] = set()
        waiting: list[Any] = [tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                if node.get("type") == "BASE_TABLE":
                    tables.add(node["table_name"])
                inner.update(cte["key"] for cte in node.get("cte_map", {}).get("map", []))
                waiting.extend(node.values())
            elif isinstance(node, list):
                waiting.extend(node)
        return tables - inner

    def describe(self, query: str) -> list[tuple[str, str]]:
        """Names and types of a query's columns, as DuckDB prints them."""
        return [(str(row[0]), str(row[1])) for row in self.rows(f"DESCRIBE {query}")]

    def write_parquet(self, query: str, path: Path) -> int:
        """Write a query's result as one Parquet file, in the query's order; the rows written.

        The same rows give the same bytes, however their table was filled.
        """
        # What DuckDB has noted of a column (no value is missing) would show in the file, and what
        # it has noted hangs on updates and on when the database wrote itself to the disk.
        self._con.execute("SET disabled_optimizers = 'statistics_propagation'")
        try:
            return int(
                self.row(
                    f"COPY ({query}) TO {_literal(path)}"
                    " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
                )[0]
            )
        finally:
            self._con.execute("RESET disabled_optimizers")

    def write_table(self, table: Table, path: Path, *, source: str | None = None) -> int:
        """Write a declared table as one Parquet file, ordered by its grain.

        Args:
            table: The declaration.
            path: The file.
            source: Table or view that holds the rows; None = the table itself.

        Returns:
            The rows written.
        """
        columns = ", ".join(f'"{name}"' for name in table.column_names)
        order = ", ".join(f'"{name}"' for name in table.grain)
        return self.write_parquet(
            f'SELECT {columns} FROM "{source or table.name}" ORDER BY {order}', path
        )

    def view_of_runs(self, table: Table, name: str, parts: Sequence["ParquetPart"]) -> None:
        """Make the rows that earlier runs still stand for readable under a name.

        The view reads only the columns that a query asks for, so that history
        costs what is looked at and not what is stored.

        Args:
            table: Declaration of the rows.
            name: Name of the view; an empty table where there are no parts.
            parts: One Parquet file per run, with the source files that no longer count.
        """
        if not parts:
            self.create_like(name, table)
            return
        columns = ", ".join(f'r."{column}"' for column in table.column_names)
        whole = [part.path for part in parts if not part.without_sources]
        selects = []
        if whole:
            selects.append(f"SELECT {columns} FROM {_parquet(whole)} AS r")
        of_row = "r.message_id" if "message_id" in table.column_names else _MESSAGE_OF_TRANSACTION
        for part in parts:
            if part.without_sources:
                gone = ", ".join(_literal(source) for source in part.without_sources)
                selects.append(
                    f"SELECT {columns} FROM {_parquet([part.path])} AS r"
                    f" WHERE {of_row} NOT IN (SELECT message_id FROM {_parquet([part.messages])}"
                    f" WHERE source_sha256 IN ({gone}))"
                )
        self._con.execute(f'CREATE OR REPLACE VIEW "{name}" AS {" UNION ALL ".join(selects)}')

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that the block writes is kept, or nothing of it."""
        self._con.begin()
        try:
            yield
        except BaseException:
            self._con.rollback()
            raise
        self._con.commit()
