"""Builds the database that analysts open, aside, and swaps it in whole.

`.exposure-<process>.tmp` is filled from the runs' Parquet files, commented,
closed, synced, made read-only and renamed over `exposure.duckdb`. A reader that
holds the old file open keeps it; a process killed at any moment leaves the last
snapshot as it was.

The file is written in DuckDB's storage version 1.4, so that DBeaver and other
clients of that age open it, and holds no path: it may be copied elsewhere. Above a
given number of transactions its large tables are views of the runs' Parquet files
instead, which costs no second copy of the archive but ties the file to them: it moves with the
whole workspace only (`moved_views`).

A night adds its run to a copy of the last snapshot (`snapshot_growth`), so that it costs
the night and not the archive; whatever else has changed, the file is built anew from the runs.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from scanner.errors import IntegrityError, StorageError
from scanner.schema import TABLES
from scanner.warehouse.connection import Warehouse
from scanner.warehouse.decision_log import Act, as_table, read_log
from scanner.warehouse.macros import load_macros
from scanner.warehouse.snapshot_access import SNAPSHOT_MODE, open_the_way
from scanner.warehouse.snapshot_growth import grow
from scanner.warehouse.snapshot_rows import LARGE, RunFiles, fill, quoted, refill
from scanner.warehouse.storage_faults import storage_faults

STORAGE_VERSION = "v1.4.0"


def publish_snapshot(
    runs: Sequence[RunFiles],
    target: Path,
    *,
    memory_limit_mb: int = 2048,
    decisions: Path | None = None,
    tables_up_to: int | None = None,
    known: int = 0,
    kept: frozenset[str] = frozenset(),
) -> None:
    """Build the snapshot of some runs and put it in place of the last one.

    Args:
        runs: Runs to show, oldest first.
        target: File that analysts open.
        memory_limit_mb: Memory that the database engine may use, in MiB.
        decisions: Folder with the log of decisions; its acts decide the alerts' status.
        tables_up_to: Transactions above which the large tables are views; None = never.
        known: How many of the runs, from the oldest, the target shows just as they are given
            here, made by this program: only what the others add is put to a copy of it.
            0 builds it anew.
        kept: Tables of which the target shows the rows of the given runs, so that they stay as
            they are in a copy of it where nothing is known of it as a whole.

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
            large = tables_up_to is not None and _transactions(warehouse, runs) > tables_up_to
            as_views = LARGE if large else frozenset()
            if known and _copied(warehouse, target, aside, as_views):
                grow(warehouse, runs, known, as_views=as_views)
            elif kept & LARGE and _copied(warehouse, target, aside, as_views):
                refill(warehouse, runs, kept, as_views=as_views)
            else:
                warehouse.execute(
                    f"ATTACH '{quoted(aside)}' AS exposure (STORAGE_VERSION '{STORAGE_VERSION}')"
                )
                warehouse.execute("USE exposure")
                fill(warehouse, runs, as_views=as_views)
                add_macros(warehouse)
            acts = read_log(decisions)
            _require_acts_of(warehouse, target, acts)
            add_decisions(warehouse, as_table(acts))
            describe_all(warehouse)
            warehouse.execute("CHECKPOINT exposure")
            warehouse.execute("USE memory")
            warehouse.execute("DETACH exposure")
        _sync(aside)
        open_the_way(target, [file for file in _files(runs, as_views) if file.is_file()])
        aside.chmod(SNAPSHOT_MODE)
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


def _copied(warehouse: Warehouse, target: Path, aside: Path, as_views: frozenset[str]) -> bool:
    """Attach a copy of the target for writing, if it can be and has the same tables as views."""
    shutil.copyfile(target, aside)
    try:
        warehouse.execute(f"ATTACH '{quoted(aside)}' AS exposure")
    except duckdb.Error:
        aside.unlink()
        return False
    views = warehouse.rows(
        "SELECT view_name FROM duckdb_views() WHERE database_name = 'exposure' AND NOT internal"
    )
    if {name for (name,) in views} != as_views:
        warehouse.execute("DETACH exposure")
        aside.unlink()
        return False
    warehouse.execute("USE exposure")
    return True


def _files(runs: Sequence[RunFiles], tables: frozenset[str]) -> list[Path]:
    return [run.parquet(table) for run in runs for table in sorted(tables)]


def _transactions(warehouse: Warehouse, runs: Sequence[RunFiles]) -> int:
    files = _files(runs, frozenset({"transactions"}))
    named = ", ".join(f"'{quoted(file)}'" for file in files if file.is_file())
    return int(warehouse.row(f"SELECT count(*) FROM read_parquet([{named}])")[0]) if named else 0


def _require_acts_of(warehouse: Warehouse, target: Path, acts: Sequence[Act]) -> None:
    """Refuse a log that lacks what the last snapshot shows: its end was cut off."""
    if not target.is_file():
        return
    try:
        warehouse.execute(f"ATTACH '{quoted(target)}' AS before (READ_ONLY)")
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


def add_decisions(warehouse: Warehouse, decisions: pa.Table) -> None:
    """Show the acts, and give each alert the status after the last act on it.

    An alert that was cleared, or is on its way to it, opens again when the evidence holds
    an item that no act on it has seen: a newer list met the payment, a rule fired.
    """
    if not decisions.num_rows:
        return
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
