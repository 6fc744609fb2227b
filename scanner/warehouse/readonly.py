"""Answers an analyst's question from the snapshot, and can do nothing else.

A query is one SELECT. The database is attached read-only to an engine of its
own that may open no other file, load no extension, change no setting and spill
nothing to disk; a timer interrupts what runs too long. Several layers say no,
so that no single one has to be perfect.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl
import pyarrow as pa

from scanner.errors import IntegrityError, ScannerError, UsageError
from scanner.schema import TABLES, Table
from scanner.warehouse.macros import load_macros
from scanner.warehouse.moved_views import views_here

Parameters = Mapping[str, object] | Sequence[object] | None

_ROWS_PER_BATCH = 65_536
_ALLOWED = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


class Snapshot:
    """The published database, opened for reading.

    Args:
        path: The snapshot's file.
        memory_limit_mb: Memory of the engine and of a result, in MiB.
        timeout_seconds: Longest run of one query, in seconds.
    """

    def __init__(
        self, path: Path, *, memory_limit_mb: int = 1024, timeout_seconds: float = 60
    ) -> None:
        self.path = path
        self._memory_limit_mb = memory_limit_mb
        self._timeout_seconds = timeout_seconds
        _require_file(path)
        self._con = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{memory_limit_mb}MiB",
                "threads": "2",
                "temp_directory": "",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        quoted = str(path).replace("'", "''")
        try:
            self._con.execute(f"ATTACH '{quoted}' AS exposure (READ_ONLY)")
        except duckdb.Error as error:
            self._con.close()
            raise IntegrityError(
                "the snapshot cannot be opened",
                where=f"{path}: {error}",
                hint="scan again: the snapshot is made anew from the runs",
            ) from error
        views = self._views()
        for statement in (
            "USE exposure",
            "SET enable_progress_bar = false",
            *views_here(views, path.resolve().parent),
            f"SET allowed_paths = [{self._files_of_runs() if views else ''}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._con.execute(statement)

    def _views(self) -> list[str]:
        found = self._con.execute(
            "SELECT sql FROM duckdb_views() WHERE database_name = 'exposure' AND NOT internal"
        ).fetchall()
        return [str(statement) for (statement,) in found]

    def _files_of_runs(self) -> str:
        """What large tables that are views may read; no other file can be read."""
        runs = self.path.resolve().parent / "runs"
        files = sorted(str(file).replace("'", "''") for file in runs.glob("*/*.parquet"))
        return ", ".join(f"'{file}'" for file in files)

    @classmethod
    def open(cls, path: Path, *, memory_limit_mb: int = 1024, timeout_seconds: float = 60) -> Self:
        """Open the snapshot.

        Raises:
            UsageError: Nothing is published yet, or it is not for this account to read.
            IntegrityError: The file is no snapshot, or the files that it reads are elsewhere.
        """
        return cls(path, memory_limit_mb=memory_limit_mb, timeout_seconds=timeout_seconds)

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
        """Close the database."""
        self._con.close()

    def require_current(self) -> None:
        """Refuse a snapshot that lacks tables, columns or macros of this version of the program.

        Raises:
            UsageError: Another version made it.
        """
        there = set(
            self.rows(
                "SELECT table_name, column_name FROM duckdb_columns()"
                " WHERE database_name = 'exposure' UNION ALL SELECT function_name, ''"
                " FROM duckdb_functions() WHERE database_name = 'exposure'"
            )
        )
        wanted = {(t.name, c.name) for t in TABLES.values() if t.published for c in t.columns}
        wanted |= {(macro.name, "") for macro in load_macros()}
        if lacking := wanted - there:
            names = ", ".join(
                f"{name}.{column}".rstrip(".") for name, column in sorted(lacking)[:5]
            )
            raise UsageError(
                "the snapshot was made by another version of the program",
                where=f"{self.path} lacks {names}",
                hint="make it anew from the runs with `scanner alerts publish`",
            )

    def rows(self, query: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
        """Answer a query with rows of Python values.

        Raises:
            UsageError: It is no single SELECT, cannot be answered, or takes too long.
        """
        self._require_select(query)
        with self._limited(query):
            return self._con.execute(query, parameters).fetchall()

    def records(self, query: str, parameters: Parameters = None) -> list[dict[str, Any]]:
        """Answer a query with one mapping a row."""
        self._require_select(query)
        with self._limited(query):
            answer = self._con.execute(query, parameters)
            names = [column[0] for column in answer.description or ()]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def matching(self, table: Table, **equal: object) -> list[dict[str, Any]]:
        """Rows of a declared table whose columns have given values (all without), by its grain."""
        where = " AND ".join(f'"{column}" = ?' for column in equal) or "true"
        order = ", ".join(f'"{column}"' for column in table.grain)
        query = f'SELECT * FROM "{table.name}" WHERE {where} ORDER BY {order}'
        return self.records(query, list(equal.values()))

    def batches(
        self, query: str, parameters: Parameters = None, *, limit: int | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Answer a query piece by piece, so that memory stays bounded.

        The first piece holds the columns even where there is no row. After `limit` rows the
        query is left as it stands.
        """
        self._require_select(query)
        with self._limited(query):
            relation = self._con.sql(query, params=parameters)
            reader = relation.to_arrow_reader(_ROWS_PER_BATCH)
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)
            left = limit
            if left == 0:
                return
            for batch in reader:
                piece = batch if left is None else batch.slice(0, left)
                yield piece
                left = left if left is None else left - piece.num_rows
                if left == 0:
                    return

    def arrow(self, query: str, parameters: Parameters = None) -> pa.Table:
        """Answer a query with an Arrow table.

        Raises:
            UsageError: As in `rows`; also when the result does not fit the memory limit.
        """
        kept: list[pa.RecordBatch] = []
        size = 0
        for batch in self.batches(query, parameters):
            size += batch.nbytes
            if size > self._memory_limit_mb << 20:
                raise UsageError(
                    f"the result is larger than {self._memory_limit_mb} MiB",
                    where=_shortened(query),
                    hint="ask for fewer rows or columns, or write it with -o FILE",
                )
            kept.append(batch)
        return pa.Table.from_batches(kept)

    def frame(self, query: str, parameters: Parameters = None) -> pl.DataFrame:
        """Answer a query with a Polars frame."""
        frame = pl.from_arrow(self.arrow(query, parameters))
        assert isinstance(frame, pl.DataFrame)
        return frame

    def _require_select(self, query: str) -> None:
        try:
            statements = self._con.extract_statements(query)
        except (duckdb.Error, UnicodeError) as error:
            raise _unanswerable(query, error) from error
        if len(statements) != 1:
            raise UsageError(
                f"expected one query, got {len(statements)}",
                where=_shortened(query),
                hint="ask one SELECT at a time",
            )
        if statements[0].type not in _ALLOWED:
            raise UsageError(
                f"{statements[0].type.name} is not allowed: the snapshot can only be read",
                where=_shortened(query),
                hint="write one SELECT (also FROM, WITH, DESCRIBE, SUMMARIZE, PIVOT ... IN)",
            )

    @contextmanager
    def _limited(self, query: str) -> Iterator[None]:
        expired = threading.Event()

        def stop() -> None:
            expired.set()
            self._con.interrupt()

        timer = threading.Timer(self._timeout_seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (duckdb.Error, OSError, UnicodeError, pa.ArrowException) as error:
            if expired.is_set():
                raise UsageError(
                    f"the query ran longer than {self._timeout_seconds:g} s and was stopped",
                    where=_shortened(query),
                    hint="ask for less, or allow more with --timeout",
                ) from error
            raise _unanswerable(query, error) from error
        finally:
            timer.cancel()


def _require_file(path: Path) -> None:
    try:
        if path.is_file():
            return
    except PermissionError as error:
        raise UsageError(
            "you may not enter the workspace",
            where=str(error.filename),
            hint="its group may: ask who runs it to put you into that group",
        ) from error
    raise UsageError(
        "nothing is published yet",
        where=str(path),
        hint="run `scanner scan SRC... -w WORKSPACE` first",
    )


def _unanswerable(query: str, error: Exception) -> ScannerError:
    if isinstance(error, BrokenPipeError):
        raise error
    hint = "see the tables with `scanner sql --schema` and examples with `scanner sql --examples`"
    if isinstance(error, duckdb.OutOfMemoryException) or "Out of Memory" in str(error):
        hint = "ask for less: the memory of a query is bounded (sql_memory_limit_mb)"
    return UsageError(
        "the query cannot be answered", where=f"{_shortened(query)}: {error}", hint=hint
    )


def _shortened(query: str, *, most: int = 200) -> str:
    words = " ".join(query.split())
    return words if len(words) <= most else f"{words[: most - 1]}…"
