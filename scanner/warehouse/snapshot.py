"""Builds the database that analysts open, aside, and swaps it in whole.

`.exposure-<process>.tmp` is filled from the runs' Parquet files, commented,
closed, synced, made read-only and renamed over `exposure.duckdb`. A reader that
holds the old file open keeps it; a process killed at any moment leaves the last
snapshot as it was.

The file is written in DuckDB's storage version 1.4, so that DBeaver and other
clients of that age open it, and holds no path: it may be copied elsewhere.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from scanner.errors import IntegrityError, ScannerError
from scanner.schema import TABLES, Table
from scanner.warehouse.connection import Warehouse
from scanner.warehouse.decision_log import as_table, read_log
from scanner.warehouse.macros import load_macros

STORAGE_VERSION = "v1.4.0"

# What a run knows of the outside world: only the newest run's knowledge is shown.
_OF_NEWEST_RUN = frozenset(
    {"list_entries", "list_names", "list_identifiers", "list_addresses", "customers", "ownership"}
)
# Made from several files at once, so the rows of two runs can have the same key.
_MERGED = frozenset({"list_versions", "payments", "bank_exposure", "alerts", "runs"})
_KEYED_BY_TRANSACTION = frozenset(
    table.name for table in TABLES.values() if "transaction_id" in table.column_names
)


@dataclass(frozen=True)
class RunFiles:
    """One run's Parquet files.

    Attributes:
        folder: Holds one `<table>.parquet` for each table.
        superseded: SHA-256 of source files for which a later run stands.
    """

    folder: Path
    superseded: tuple[str, ...] = ()

    def parquet(self, table: str) -> Path:
        """The file of one table."""
        return self.folder / f"{table}.parquet"


def publish_snapshot(
    runs: Sequence[RunFiles],
    target: Path,
    *,
    memory_limit_mb: int = 2048,
    decisions: Path | None = None,
) -> None:
    """Build the snapshot of some runs and put it in place of the last one.

    Args:
        runs: Runs to show, oldest first.
        target: File that analysts open.
        memory_limit_mb: Memory that the database engine may use, in MiB.
        decisions: Folder with the log of decisions; its acts decide the alerts' status.

    Raises:
        IntegrityError: A run's file or the log of decisions cannot be read.
    """
    aside = target.with_name(f".{target.stem}-{os.getpid()}.tmp")
    spill = target.with_name(f".{target.stem}-{os.getpid()}.spill")
    _remove(aside, spill)
    try:
        with Warehouse(memory_limit_mb=memory_limit_mb, spill_dir=spill) as warehouse:
            quoted = str(aside).replace("'", "''")
            warehouse.execute(
                f"ATTACH '{quoted}' AS exposure (STORAGE_VERSION '{STORAGE_VERSION}')"
            )
            warehouse.execute("USE exposure")
            fill(warehouse, runs)
            add_decisions(warehouse, as_table(read_log(decisions)))
            describe_all(warehouse)
            warehouse.execute("CHECKPOINT exposure")
            warehouse.execute("USE memory")
            warehouse.execute("DETACH exposure")
        _sync(aside)
        aside.chmod(0o444)
        aside.replace(target)
        _sync(target.parent)
    finally:
        _remove(aside, spill)


def fill(warehouse: Warehouse, runs: Sequence[RunFiles]) -> None:
    """Make every published table from the runs' files.

    Rows of superseded source files are left out, so that no payment stands twice.
    """
    for table in TABLES.values():
        if not table.published:
            continue
        warehouse.create(table)
        for run in _shown_runs(table, runs):
            try:
                _insert(warehouse, table, run)
            except ScannerError:
                raise
            except Exception as error:
                raise IntegrityError(
                    f"the table {table.name} of a run cannot be read",
                    where=f"{run.parquet(table.name)}: {error}",
                    hint="check the run with `scanner runs verify`",
                ) from error


def _shown_runs(table: Table, runs: Sequence[RunFiles]) -> list[RunFiles]:
    there = [run for run in runs if run.parquet(table.name).is_file()]
    if table.name not in _OF_NEWEST_RUN:
        # The newest run's row wins in the tables whose keys can meet again.
        return there[::-1] if table.name in _MERGED else there
    return there[-1:]


def _insert(warehouse: Warehouse, table: Table, run: RunFiles) -> None:
    file = _quoted(run.parquet(table.name))
    conditions: list[str] = []
    parameters: list[object] = []
    if run.superseded and table.name in ("messages", "rejected"):
        conditions.append("source_sha256 IS NULL OR source_sha256 NOT IN (SELECT unnest(?))")
        parameters.append(list(run.superseded))
    elif run.superseded and table.name in (_KEYED_BY_TRANSACTION | {"payments"}):
        conditions.append(_still_standing(table, run))
        parameters.append(list(run.superseded))
    if table.name in _MERGED:
        key = " AND ".join(f'shown."{c}" IS NOT DISTINCT FROM made."{c}"' for c in table.grain)
        conditions.append(f'NOT EXISTS (SELECT 1 FROM "{table.name}" AS shown WHERE {key})')
    where = f" WHERE {' AND '.join(f'({c})' for c in conditions)}" if conditions else ""
    columns = {name for name, _ in warehouse.describe(f"SELECT * FROM read_parquet('{file}')")}
    # A run of an earlier program may lack columns, or have some that are gone.
    wanted = ", ".join(f'made."{c}"' for c in table.column_names if c in columns)
    warehouse.execute(
        f'INSERT INTO "{table.name}" BY NAME'
        f" SELECT {wanted} FROM read_parquet('{file}') AS made{where}",
        parameters,
    )


def _still_standing(table: Table, run: RunFiles) -> str:
    messages, transactions = _quoted(run.parquet("messages")), _quoted(run.parquet("transactions"))
    key = "payment_id" if table.name == "payments" else "transaction_id"
    return (
        f"made.{key} IN (SELECT t.{key} FROM read_parquet('{transactions}') AS t"
        f" JOIN read_parquet('{messages}') AS m USING (message_id)"
        " WHERE m.source_sha256 NOT IN (SELECT unnest(?)))"
    )


def add_decisions(warehouse: Warehouse, decisions: pa.Table) -> None:
    """Show the acts, and give each alert the status after the last act on it."""
    warehouse.append("decisions", decisions)
    warehouse.execute(
        "UPDATE alerts SET status = last.status, assigned_to = last.assigned_to,"
        " decided_by = last.decided_by, decided_at_utc = last.decided_at_utc,"
        " decision_reason = last.reason"
        " FROM (SELECT * FROM decisions"
        " QUALIFY row_number() OVER (PARTITION BY alert_id ORDER BY sequence DESC) = 1) AS last"
        " WHERE alerts.alert_id = last.alert_id"
    )


def describe_all(warehouse: Warehouse) -> None:
    """Add the macros, and the comments on tables, columns and macros."""
    for table in TABLES.values():
        if table.published:
            for statement in table.comments():
                warehouse.execute(statement)
    for macro in load_macros():
        warehouse.execute(macro.ddl())
        warehouse.execute(macro.comment())


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(aside: Path, spill: Path) -> None:
    for path in (aside, aside.with_name(f"{aside.name}.wal")):
        path.unlink(missing_ok=True)
    if spill.is_dir():
        for left in spill.iterdir():
            left.unlink()
        spill.rmdir()
