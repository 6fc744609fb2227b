"""The payments of finished runs, readable as tables: what training and monitoring look at."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow.parquet as pq

from scanner.errors import UsageError
from scanner.pipeline.run_store import StoredRun, stored_runs
from scanner.pipeline.runs import PRUNED
from scanner.pipeline.workspace import Workspace
from scanner.schema import TABLES
from scanner.settings import Settings
from scanner.warehouse import ParquetPart, Warehouse

NOT_SCORED_KINDS = ("return", "reject", "free_format")
"""Kinds that carry no deal's money: the model is not trained on them."""


def live_runs(workspace: Workspace) -> list[StoredRun]:
    """The runs that some file still stands for, oldest first.

    Raises:
        UsageError: There is none.
    """
    runs = [
        run
        for run in stored_runs(workspace.runs)
        if run.is_live and not (run.folder / PRUNED).exists()
    ]
    if not runs:
        raise UsageError(
            "no payment is stored", where=str(workspace.runs), hint="run `scanner scan` first"
        )
    return runs


@contextmanager
def stored_tables(
    runs: Sequence[StoredRun], names: Sequence[str], settings: Settings
) -> Iterator[Warehouse]:
    """Tables of some runs as views, without the rows that a later run replaced.

    Args:
        runs: Runs to read.
        names: Declared tables; one without payments or messages comes whole.
        settings: Memory and threads of the engine.
    """
    with Warehouse(memory_limit_mb=settings.memory_limit_mb, threads=settings.threads) as warehouse:
        for name in names:
            _require_columns(runs, name)
            keyed = {"message_id", "transaction_id"} & set(TABLES[name].column_names)
            parts = [
                ParquetPart(
                    run.parquet(name),
                    run.parquet("messages"),
                    tuple(sorted(run.superseded)) if keyed else (),
                )
                for run in runs
            ]
            warehouse.view_of_runs(TABLES[name], name, parts)
        yield warehouse


def _require_columns(runs: Sequence[StoredRun], name: str) -> None:
    """A column that a run lacks must not pass for one that is not known."""
    for run in runs:
        path = run.parquet(name)
        there = set(pq.read_schema(path).names) if path.is_file() else set()
        if lacking := sorted(set(TABLES[name].column_names) - there):
            raise UsageError(
                f"run {run.manifest.run_id} was made by an earlier version of the program",
                where=f"{path} lacks {', '.join(lacking[:5])}",
                hint="scan its files again",
            )
