"""What the lists say otherwise of a run's history than they said when the run was made.

The runs of the history were brought up to date themselves. Each is compared once with the run whose
place it took, however many later runs ask: finished runs do not change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa

from scanner.pipeline.run_store import StoredRun
from scanner.schema import TABLES
from scanner.warehouse import ParquetPart, Warehouse, relations_by_name

_COMPARED = ("transfer_facts", "listed_account_facts")
_TRANSFERS = pa.schema(
    [
        pa.field("debtor_key", pa.string()),
        pa.field("creditor_key", pa.string()),
        pa.field("value_date", pa.date32()),
    ]
)
_ACCOUNTS = pa.schema([pa.field("account", pa.string())])


@dataclass(frozen=True)
class HistoryChanges:
    """What the lists say something else of.

    Attributes:
        transfers: debtor_key, creditor_key and value_date of transfers that have a listed party
            and had none, or the other way round.
        accounts: Accounts that listed parties used, or used otherwise, then or now.
    """

    transfers: pa.Table
    accounts: pa.Table


def changes_between(
    pairs: Sequence[tuple[StoredRun, StoredRun]], *, memory_limit_mb: int
) -> HistoryChanges | None:
    """What has changed from runs to those that took their places.

    Args:
        pairs: A run as it was history then, and the one that is in its place now.
        memory_limit_mb: Memory that the database engine may use, in MiB.

    Returns:
        None where they differ in more than what the lists say.
    """
    transfers, accounts = [_TRANSFERS.empty_table()], [_ACCOUNTS.empty_table()]
    for then, now in pairs:
        if all(then.sha256_of(name) == now.sha256_of(name) for name in _COMPARED):
            continue
        gone = tuple(sorted(then.superseded)), tuple(sorted(now.superseded))
        found = _compared(then.folder, now.folder, gone, memory_limit_mb)
        if found is None:
            return None
        transfers.append(found.transfers)
        accounts.append(found.accounts)
    return HistoryChanges(pa.concat_tables(transfers), pa.concat_tables(accounts))


@cache
def _compared(
    then: Path, now: Path, gone: tuple[tuple[str, ...], tuple[str, ...]], memory_limit_mb: int
) -> HistoryChanges | None:
    with Warehouse(memory_limit_mb=memory_limit_mb) as warehouse:
        for prefix, folder, sources in zip(("was_", ""), (then, now), gone, strict=True):
            for name in _COMPARED:
                part = ParquetPart(folder / f"{name}.parquet", folder / "messages.parquet", sources)
                warehouse.view_of_runs(TABLES[name], f"{prefix}{name}", [part])
        relations = relations_by_name("delta/history")
        warehouse.build(relations["history_apart"])
        if warehouse.count("history_apart") > 1:
            return None
        for name in ("changed_history", "changed_history_accounts"):
            warehouse.build(relations[name])
        return HistoryChanges(
            warehouse.arrow("FROM changed_history").cast(_TRANSFERS),
            warehouse.arrow("FROM changed_history_accounts").cast(_ACCOUNTS),
        )
