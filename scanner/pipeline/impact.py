"""What a change of the lists would do to stored payments and customers, before it goes live."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner import screening, watchlists
from scanner.pipeline.run_store import StoredRun, stored_runs
from scanner.pipeline.screening_index import index_for
from scanner.pipeline.workspace import Workspace
from scanner.schema import TABLES
from scanner.settings import Settings
from scanner.warehouse import ParquetPart, Warehouse

SCHEMA = pa.schema(
    [
        pa.field("change", pa.string()),
        pa.field("subject", pa.string()),
        pa.field("identifier", pa.string()),
        pa.field("name", pa.string()),
        pa.field("entry_id", pa.string()),
        pa.field("entry_name", pa.string()),
        pa.field("score", pa.float64()),
    ]
)
_CANDIDATES = 20
_STORED = """
    SELECT DISTINCT 'payment' AS subject, t.reference AS identifier, p.name
    FROM parties AS p JOIN transactions AS t USING (transaction_id) WHERE p.name IS NOT NULL
    UNION
    SELECT DISTINCT 'customer', c.customer_id, c.name FROM customers AS c WHERE c.name IS NOT NULL
    ORDER BY ALL
"""


def impact(
    settings: Settings, *, since: date | None = None, instead: Mapping[str, str] | None = None
) -> pa.Table:
    """Which stored payments and customers newly alert or clear.

    Args:
        settings: The effective settings; names the workspace.
        since: Compare what was known on this day with the active versions.
        instead: Compare the active versions with these held-back ones, by list.

    Returns:
        Rows of SCHEMA: `alerts` for new matches with changed entries, `clears` for those gone.

    Raises:
        IntegrityError: No list is loaded, or a version was changed.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    before = watchlists.load(workspace.lists, as_of=since)
    after = watchlists.load(workspace.lists, instead=instead or {})
    stored = _stored_names([run for run in stored_runs(workspace.runs) if run.is_live])
    names = sorted({row["name"] for row in stored})
    old = _matches(names, workspace, before, settings)
    new = _matches(names, workspace, after, settings)
    made = [
        *_rows("alerts", stored, {key: row for key, row in new.items() if key not in old}),
        *_rows("clears", stored, {key: row for key, row in old.items() if key not in new}),
    ]
    return pa.Table.from_pylist(made, SCHEMA)


def _stored_names(runs: Sequence[StoredRun]) -> list[dict[str, Any]]:
    with Warehouse() as warehouse:
        for name in ("parties", "transactions", "customers"):
            parts = [
                ParquetPart(
                    run.parquet(name),
                    run.parquet("messages"),
                    () if name == "customers" else tuple(sorted(run.superseded)),
                )
                for run in runs
            ]
            warehouse.view_of_runs(TABLES[name], name, parts)
        found: list[dict[str, Any]] = warehouse.arrow(_STORED).to_pylist()
        return found


def _matches(
    names: Sequence[str], workspace: Workspace, tables: watchlists.ListTables, settings: Settings
) -> dict[tuple[str, str], dict[str, Any]]:
    found = screening.screen_names(
        names,
        index_for(workspace, tables),
        min_score=settings.name_threshold,
        limit=_CANDIDATES,
    )
    return {(row["name"], row["entry_id"]): row for row in found.to_pylist()}


def _rows(
    change: str,
    stored: Iterable[Mapping[str, Any]],
    matches: Mapping[tuple[str, str], Mapping[str, Any]],
) -> list[dict[str, Any]]:
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for row in matches.values():
        by_name.setdefault(row["name"], []).append(row)
    return [
        {
            "change": change,
            "subject": row["subject"],
            "identifier": row["identifier"],
            "name": row["name"],
            "entry_id": match["entry_id"],
            "entry_name": match["entry_name"],
            "score": match["score"],
        }
        for row in stored
        for match in by_name.get(row["name"], ())
    ]
