"""Builds the database that analysts open, aside, and swaps it in whole.

`.exposure-<process>.tmp` is filled from the runs' Parquet files, commented,
closed, synced, made read-only and renamed over `exposure.duckdb`. A reader that
holds the old file open keeps it; a process killed at any moment leaves the last
snapshot as it was.

The file is written in DuckDB's storage version 1.4, so that DBeaver and other
clients of that age open it, and holds no path: it may be copied elsewhere. Above a
given number of transactions its large tables are views of the runs' Parquet files
instead, which costs no second copy of the archive but ties the file to its place.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from scanner.errors import IntegrityError, StorageError
from scanner.schema import TABLES, Column, Table
from scanner.warehouse.connection import Warehouse
from scanner.warehouse.decision_log import Act, as_table, read_log
from scanner.warehouse.macros import load_macros
from scanner.warehouse.relations import load_relations
from scanner.warehouse.storage_faults import storage_faults

STORAGE_VERSION = "v1.4.0"

# What a run knows of the outside world: only the newest run's knowledge is shown.
_OF_NEWEST_RUN = frozenset(
    {"list_entries", "list_names", "list_identifiers", "list_addresses", "customers", "ownership"}
)
# Made from several files at once, so the rows of two runs can have the same key.
_MERGED = frozenset(
    {
        "list_versions", "bank_exposure", "customer_exposure", "corridor_exposure",
        "significance", "alerts", "runs", "models", "model_steps",
    }
)  # fmt: skip
_PAYMENTS_OF_RUNS = "payments_of_runs"
# Grow with the archive; a view serves them where a copy would be too large.
_LARGE = frozenset(
    {
        "messages", "transactions", "parties", "texts", "hits", "goods_found", "indicators",
        "scores", "features",
    }
)  # fmt: skip
_SIDE_FILES = frozenset({"customers", "ownership"})
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
    tables_up_to: int | None = None,
) -> None:
    """Build the snapshot of some runs and put it in place of the last one.

    Args:
        runs: Runs to show, oldest first.
        target: File that analysts open.
        memory_limit_mb: Memory that the database engine may use, in MiB.
        decisions: Folder with the log of decisions; its acts decide the alerts' status.
        tables_up_to: Transactions above which the large tables are views; None = never.

    Raises:
        IntegrityError: A run's file or the log of decisions cannot be read, or the log
            lacks acts that the last snapshot shows.
        StorageError: The disk is full or cannot be written.
    """
    aside = target.with_name(f".{target.stem}-{os.getpid()}.tmp")
    spill = target.with_name(f".{target.stem}-{os.getpid()}.spill")
    _remove(aside, spill)
    try:
        with (
            storage_faults(target),
            Warehouse(memory_limit_mb=memory_limit_mb, spill_dir=spill) as warehouse,
        ):
            quoted = str(aside).replace("'", "''")
            warehouse.execute(
                f"ATTACH '{quoted}' AS exposure (STORAGE_VERSION '{STORAGE_VERSION}')"
            )
            warehouse.execute("USE exposure")
            large = tables_up_to is not None and _transactions(warehouse, runs) > tables_up_to
            fill(warehouse, runs, as_views=_LARGE if large else frozenset())
            add_macros(warehouse)
            acts = read_log(decisions)
            _require_acts_of(warehouse, target, acts)
            add_decisions(warehouse, as_table(acts))
            describe_all(warehouse)
            warehouse.execute("CHECKPOINT exposure")
            warehouse.execute("USE memory")
            warehouse.execute("DETACH exposure")
        _sync(aside)
        aside.chmod(0o400)
        aside.replace(target)
        _sync(target.parent)
    except (duckdb.Error, OSError) as error:
        raise StorageError(
            "the snapshot cannot be written; the last one stays as it was",
            where=f"{target}: {error}",
            hint="check the free space of the disk, then run `scanner alerts publish`",
        ) from error
    finally:
        _remove(aside, spill)


def fill(
    warehouse: Warehouse, runs: Sequence[RunFiles], *, as_views: frozenset[str] = frozenset()
) -> None:
    """Make every published table from the runs' files.

    Rows of superseded source files are left out, so that no payment stands twice.

    Args:
        warehouse: The database that is filled.
        runs: Runs to show, oldest first.
        as_views: Tables that become views of the files.
    """
    for table in TABLES.values():
        if not table.published:
            continue
        shown = _shown_runs(warehouse, table, runs)
        if table.name in as_views and shown:
            selects = []
            for run in shown:
                with _reading(table, run):
                    selects.append(_literal_select(warehouse, table, run))
            warehouse.execute(f'CREATE VIEW "{table.name}" AS {" UNION ALL ".join(selects)}')
            continue
        warehouse.create(table)
        if table.name == "payments":
            _join_payments(warehouse, table, shown)
            continue
        for run in shown:
            with _reading(table, run):
                _insert(warehouse, table, run)
    _retire_old_versions(warehouse, runs)


def _join_payments(warehouse: Warehouse, table: Table, runs: Sequence[RunFiles]) -> None:
    """A payment whose messages came in several runs becomes one row."""
    of_runs = replace(
        table,
        name=_PAYMENTS_OF_RUNS,
        columns=(*table.columns, Column("run_ordinal", "INTEGER", "Position of the run.")),
    )
    warehouse.execute(of_runs.ddl(temporary=True))
    for ordinal, run in enumerate(runs):
        with _reading(table, run):
            select = _literal_select(warehouse, table, run)
            warehouse.execute(
                f"INSERT INTO {_PAYMENTS_OF_RUNS} BY NAME"
                f" SELECT *, ? AS run_ordinal FROM ({select})",
                [ordinal],
            )
    warehouse.build_all(load_relations("publish"))
    warehouse.execute(f"DROP TABLE {_PAYMENTS_OF_RUNS}")


def _retire_old_versions(warehouse: Warehouse, runs: Sequence[RunFiles]) -> None:
    """Only the versions of the newest run are active; those of earlier runs stand behind hits."""
    there = [run for run in runs if run.parquet("list_versions").is_file()]
    if there:
        newest = _quoted(there[-1].parquet("list_versions"))
        warehouse.execute(
            "UPDATE list_versions SET is_active = false WHERE (list, version) NOT IN"
            f" (SELECT (list, version) FROM read_parquet('{newest}') WHERE is_active)"
        )


def _shown_runs(warehouse: Warehouse, table: Table, runs: Sequence[RunFiles]) -> list[RunFiles]:
    there = [run for run in runs if run.parquet(table.name).is_file()]
    if table.name in _SIDE_FILES:
        # A scan without the side file says nothing about it.
        there = [run for run in there if _rows(warehouse, run.parquet(table.name))]
    if table.name in _OF_NEWEST_RUN:
        return there[-1:]
    # The newest run's row wins in the tables whose keys can meet again.
    return there[::-1] if table.name in _MERGED else there


def _transactions(warehouse: Warehouse, runs: Sequence[RunFiles]) -> int:
    files = [run.parquet("transactions") for run in runs]
    return sum(_rows(warehouse, file) for file in files if file.is_file())


def _rows(warehouse: Warehouse, file: Path) -> int:
    return int(warehouse.row(f"SELECT count(*) FROM read_parquet('{_quoted(file)}')")[0])


def _require_acts_of(warehouse: Warehouse, target: Path, acts: Sequence[Act]) -> None:
    """Refuse a log that lacks what the last snapshot shows: its end was cut off."""
    if not target.is_file():
        return
    try:
        warehouse.execute(f"ATTACH '{_quoted(target)}' AS before (READ_ONLY)")
        shown = warehouse.rows(
            "SELECT sequence, decision_id FROM before.decisions ORDER BY sequence DESC LIMIT 1"
        )
    except duckdb.Error:
        # A snapshot that cannot be read, or of an earlier program, is only replaced.
        shown = []
    if "before" in {
        name for (name,) in warehouse.rows("SELECT database_name FROM duckdb_databases()")
    }:
        warehouse.execute("DETACH before")
    for sequence, decision_id in shown:
        if len(acts) < sequence or acts[sequence - 1]["decision_id"] != decision_id:
            raise IntegrityError(
                "the log of decisions lacks acts that were published",
                where=f"act {sequence}, {decision_id}",
                hint="restore decisions/ from a backup",
            )


@contextmanager
def _reading(table: Table, run: RunFiles) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise IntegrityError(
            f"the table {table.name} of a run cannot be read",
            where=f"{run.parquet(table.name)}: {error}",
            hint="check the run with `scanner runs verify`",
        ) from error


def _insert(warehouse: Warehouse, table: Table, run: RunFiles) -> None:
    conditions = _standing(table, run)
    if table.name in _MERGED:
        key = " AND ".join(f'shown."{c}" IS NOT DISTINCT FROM made."{c}"' for c in table.grain)
        conditions.append(f'NOT EXISTS (SELECT 1 FROM "{table.name}" AS shown WHERE {key})')
    file = _quoted(run.parquet(table.name))
    there = _columns(warehouse, file)
    # A run of an earlier program may lack columns, or have some that are gone.
    wanted = ", ".join(f'made."{c}"' for c in table.column_names if c in there)
    warehouse.execute(
        f'INSERT INTO "{table.name}" BY NAME'
        f" SELECT {wanted} FROM read_parquet('{file}') AS made{_where(conditions)}"
    )


def _literal_select(warehouse: Warehouse, table: Table, run: RunFiles) -> str:
    file = _quoted(run.parquet(table.name).resolve())
    there = _columns(warehouse, file)
    columns = ", ".join(
        f'made."{c.name}"' if c.name in there else f'CAST(NULL AS {c.sql_type}) AS "{c.name}"'
        for c in table.columns
    )
    return f"SELECT {columns} FROM read_parquet('{file}') AS made{_where(_standing(table, run))}"


def _columns(warehouse: Warehouse, file: str) -> set[str]:
    return {name for name, _ in warehouse.describe(f"SELECT * FROM read_parquet('{file}')")}


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(f'({c})' for c in conditions)}" if conditions else ""


def _standing(table: Table, run: RunFiles) -> list[str]:
    """Conditions that leave out the rows of superseded source files."""
    if not run.superseded:
        return []
    gone = ", ".join(f"'{_checked(sha256)}'" for sha256 in run.superseded)
    if table.name in ("messages", "rejected"):
        return [f"made.source_sha256 IS NULL OR made.source_sha256 NOT IN ({gone})"]
    if table.name not in _KEYED_BY_TRANSACTION | {"payments"}:
        return []
    messages = _quoted(run.parquet("messages").resolve())
    transactions = _quoted(run.parquet("transactions").resolve())
    key = "payment_id" if table.name == "payments" else "transaction_id"
    standing = (
        f"SELECT t.{key} FROM read_parquet('{transactions}') AS t"
        f" JOIN read_parquet('{messages}') AS m USING (message_id)"
        f" WHERE m.source_sha256 NOT IN ({gone})"
    )
    return [f"made.{key} IN ({standing})"]


def _checked(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise IntegrityError("a manifest names no SHA-256", where=sha256[:80])
    return sha256


def add_decisions(warehouse: Warehouse, decisions: pa.Table) -> None:
    """Show the acts, and give each alert the status after the last act on it.

    An alert that was cleared, or is on its way to it, opens again when the evidence holds
    an item that no act on it has seen: a newer list met the payment, a rule fired.
    """
    warehouse.append("decisions", decisions)
    warehouse.execute(
        "UPDATE alerts SET status = last.status, assigned_to = last.assigned_to,"
        " decided_by = last.decided_by, decided_at_utc = last.decided_at_utc,"
        " decision_reason = last.reason"
        " FROM (SELECT * FROM decisions"
        " QUALIFY row_number() OVER (PARTITION BY alert_id ORDER BY sequence DESC) = 1) AS last"
        " WHERE alerts.alert_id = last.alert_id"
    )
    warehouse.execute(
        "UPDATE alerts SET reopened_because = fresh.items,"
        " status = CASE WHEN alerts.assigned_to IS NULL THEN 'open' ELSE 'assigned' END"
        " FROM (SELECT e.alert_id, list(e.item ORDER BY e.item) AS items"
        " FROM evidence_items() AS e"
        " JOIN (SELECT alert_id, flatten(list(coalesce(seen, []))) AS seen"
        " FROM decisions GROUP BY alert_id) AS d USING (alert_id)"
        " WHERE NOT list_contains(d.seen, e.item) GROUP BY e.alert_id) AS fresh"
        " WHERE alerts.alert_id = fresh.alert_id"
        " AND alerts.status IN ('cleared', 'awaiting_second')"
    )


def add_macros(warehouse: Warehouse) -> None:
    """Add the analysts' macros with their comments."""
    with warehouse.transaction():  # each one by itself would wait for the disk
        for macro in load_macros():
            warehouse.execute(macro.ddl())
            warehouse.execute(macro.comment())


def describe_all(warehouse: Warehouse) -> None:
    """Add the comments on tables and columns."""
    views = {
        n for (n,) in warehouse.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal")
    }
    kinds = {name: "VIEW" if name in views else "TABLE" for name in TABLES}
    statements = [
        statement.replace("COMMENT ON TABLE", f"COMMENT ON {kinds[table.name]}", 1)
        for table in TABLES.values()
        if table.published
        for statement in table.comments()
    ]
    with warehouse.transaction():  # each one by itself would wait for the disk
        for statement in statements:
            warehouse.execute(statement)


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
