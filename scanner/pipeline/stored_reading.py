"""Takes what a finished run read of its files, so that nobody needs to read them again."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from scanner.errors import UsageError
from scanner.manifest import InputFile
from scanner.pipeline.run_store import StoredRun
from scanner.pipeline.runs import PRUNED
from scanner.schema import TABLES
from scanner.warehouse import ParquetPart, Warehouse

# What later steps of a run fill in; the readers leave it open.
_FILLED: dict[str, tuple[str, ...]] = {
    "messages": ("duplicate_of",),
    "transactions": ("payment_id", "amount_usd", "reason_class", "is_counted"),
    "parties": (),
    "texts": (),
    "rejected": ("excerpt_location",),
}
_INTO = {"messages": "read_messages", "transactions": "read_transactions"}


def take_reading(
    warehouse: Warehouse, run: StoredRun, files: Sequence[InputFile], excerpts: Path | None
) -> None:
    """Fill the tables that reading fills, as it would, and note the files as read.

    Args:
        warehouse: Holds the empty tables and `read_sources`.
        run: The run that read the files.
        files: Files of it, all of which are taken.
        excerpts: Folder that keeps the raw bytes of what was rejected.

    Raises:
        UsageError: The run's tables were pruned.
    """
    if (run.folder / PRUNED).exists():
        raise UsageError(
            f"run {run.manifest.run_id} was pruned",
            where=str(run.folder),
            hint="scan its files again",
        )
    gone = tuple(sorted(run.superseded))
    for name in _FILLED:
        part = ParquetPart(run.parquet(name), run.parquet("messages"), gone)
        if name == "rejected":
            part = ParquetPart(run.parquet(name), run.parquet("messages"), ())
        warehouse.view_of_runs(TABLES[name], f"stored_{name}", [part])
    with warehouse.transaction():
        for name, filled in _FILLED.items():
            blank = ", ".join(f"NULL AS {column}" for column in filled)
            columns = f"* REPLACE ({blank})" if filled else "*"
            into = _INTO.get(name, name)
            # Names of this module.
            warehouse.execute(f"INSERT INTO {into} BY NAME SELECT {columns} FROM stored_{name}")  # noqa: S608
        warehouse.execute("DELETE FROM rejected WHERE source_sha256 IN (SELECT unnest(?))", [gone])
        for file in files:
            warehouse.execute(
                "INSERT INTO read_sources VALUES (?, ?, ?, ?, ?, ?)", [*asdict(file).values()]
            )
    for name in _FILLED:
        warehouse.execute(f"DROP VIEW stored_{name}")
    if excerpts is not None:
        for (rejected_id,) in warehouse.rows("SELECT rejected_id FROM rejected ORDER BY ALL"):
            name = f"{rejected_id}.bin"
            shutil.copyfile(run.folder / "rejected" / name, excerpts / name)
