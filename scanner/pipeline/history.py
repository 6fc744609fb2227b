"""What a run reads of the runs before it: their narrow facts and their sums by day.

Of a run that a later one has replaced in part, only the rows of the other files count. Its sums
hold what no longer counts, so they are left out and its transfers are summed from their rows.
"""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from scanner.errors import IntegrityError
from scanner.pipeline.plan import Plan
from scanner.pipeline.run_store import StoredRun, history_of
from scanner.schema import TABLES
from scanner.warehouse import ParquetPart, Warehouse

ROW_TABLES = (
    "messages", "transactions", "transfer_facts", "bank_incident_facts", "listed_account_facts",
    "refusal_facts", "passing_facts", "move_facts", "goods_transfers", "joined_transfers",
    "piece_prices",
)  # fmt: skip
DAY_TABLES = ("bank_days", "customer_days", "corridor_days")
CUT_TRANSFERS = "history_cut_transfer_facts"


def load_history(warehouse: Warehouse, plan: Plan | None) -> None:
    """Make readable what earlier runs still stand for; without a plan there is none.

    Makes a view `history_<table>` for each table above, and `history_cut_transfer_facts`: the
    transfers of runs whose sums by day do not count.
    """
    standing = history_of(plan.earlier, plan.supersedes, plan.place) if plan else []
    for name in ROW_TABLES:
        view_of(warehouse, name, f"history_{name}", [run for run in standing if run.has(name)])
    summed = [run for run in standing if not run.superseded and _has_sums(run)]
    for name in DAY_TABLES:
        view_of(warehouse, name, f"history_{name}", summed)
    cut = [run for run in standing if run not in summed and run.has("transfer_facts")]
    view_of(warehouse, "transfer_facts", CUT_TRANSFERS, cut)


def _has_sums(run: StoredRun) -> bool:
    return all(run.has(name) for name in (*DAY_TABLES, "joined_transfers"))


def view_of(warehouse: Warehouse, table: str, name: str, runs: Sequence[StoredRun]) -> None:
    """Make the rows of a table that runs still stand for readable under a name.

    Raises:
        IntegrityError: The oldest run was written without a column that is asked for now.
    """
    if runs:  # what an earlier version of the program wrote is older than all else
        _require_columns(runs[0], table)
    parts = [
        ParquetPart(run.parquet(table), run.parquet("messages"), tuple(sorted(run.superseded)))
        for run in runs
    ]
    warehouse.view_of_runs(TABLES[table], name, parts)


def _require_columns(run: StoredRun, table: str) -> None:
    path = run.parquet(table)
    try:
        there = pq.read_schema(path).names
    except (OSError, pa.ArrowException) as error:
        raise IntegrityError(
            f"a table of run {run.manifest.run_id} cannot be read",
            where=f"{path}: {error}",
            hint="check the run with `scanner runs verify`",
        ) from error
    if lacking := [name for name in TABLES[table].column_names if name not in there]:
        raise IntegrityError(
            f"run {run.manifest.run_id} was made by an earlier version of the program",
            where=f"{path} lacks {', '.join(lacking)}",
            hint="begin a new workspace and scan the files again: its history cannot be read",
        )
