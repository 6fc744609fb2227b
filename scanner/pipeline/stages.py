"""The stages in their order, each filling its tables in one private database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from scanner import exposure, ingest, reference, risk, screening, watchlists
from scanner.ingest import SourceFacts
from scanner.pipeline.plan import Plan, Progress
from scanner.pipeline.screening_index import index_for
from scanner.pipeline.workspace import Workspace
from scanner.schema import TABLES
from scanner.settings import Settings
from scanner.warehouse import Warehouse, load_relations

LIST_TABLES = (
    "list_versions",
    "list_entries",
    "list_names",
    "list_identifiers",
    "list_addresses",
)
HISTORY_TABLES = ("messages", "transactions", "transfer_facts")


@dataclass(frozen=True)
class Context:
    """What the stages need besides the messages: lists, side files, settings, identity."""

    run_id: str
    settings: Settings
    workspace: Workspace
    tables: watchlists.ListTables
    customers: Path | None = None
    ownership: Path | None = None
    suppressions: Path | None = None
    as_of: date | None = None


def context_of(plan: Plan) -> Context:
    """The context that a plan sets."""
    request = plan.request
    return Context(
        run_id=plan.run_id,
        settings=plan.settings,
        workspace=plan.workspace,
        tables=plan.tables,
        customers=request.customers,
        ownership=request.ownership,
        suppressions=request.suppressions,
        as_of=request.as_of,
    )


def read_messages(
    warehouse: Warehouse,
    paths: Sequence[Path],
    *,
    workers: int,
    mapping: Path | None,
    excerpts: Path | None,
    total_bytes: int,
    progress: Progress,
) -> list[SourceFacts]:
    """Read the files into `read_messages`, `read_transactions`, `parties`, `texts`, `rejected`.

    Args:
        warehouse: Takes the rows.
        paths: Files to read.
        workers: Processes that read.
        mapping: TOML for CSV or Parquet exports.
        excerpts: Folder that keeps the raw bytes of what was rejected.
        total_bytes: Size of all files, for the progress.
        progress: Told how many bytes are done.

    Returns:
        Facts on each file, for the manifest.
    """
    for name in ("messages", "transactions"):
        warehouse.create_like(f"read_{name}", TABLES[name])
    warehouse.create(*(TABLES[name] for name in ("parties", "texts", "rejected")))
    sources: list[SourceFacts] = []
    read_bytes = 0
    for batch in ingest.read_sources(paths, workers=workers, mapping=mapping):
        warehouse.append("messages", batch.messages, into="read_messages")
        warehouse.append("transactions", batch.transactions, into="read_transactions")
        warehouse.append("parties", batch.parties)
        warehouse.append("texts", batch.texts)
        warehouse.append("rejected", batch.rejected)
        if excerpts is not None:
            for rejected_id, raw in batch.excerpts.items():
                (excerpts / f"{rejected_id}.bin").write_bytes(raw)
        sources.extend(batch.sources)
        read_bytes += sum(source.byte_length for source in batch.sources)
        progress("read", read_bytes, total_bytes)
    return sources


def load_side_tables(warehouse: Warehouse, context: Context) -> None:
    """Load lists, ownership, customers, reference tables and the one-row table `run`."""
    for name in LIST_TABLES:
        warehouse.create(TABLES[name])
        warehouse.append(name, getattr(context.tables, name))
    warehouse.create(TABLES["ownership"], TABLES["customers"])
    warehouse.append("ownership", context.tables.ownership)
    if context.ownership:
        warehouse.append("ownership", watchlists.read_ownership_csv(context.ownership))
    if context.customers:
        warehouse.append("customers", watchlists.read_customers_csv(context.customers))
    for name in reference.names():
        warehouse.load(f"ref_{name}", reference.table(name))
    settings = context.settings
    run = pa.table(
        {
            "run_id": pa.array([context.run_id], pa.string()),
            "as_of": pa.array([context.as_of], pa.date32()),
            "home_bic8s": pa.array([list(settings.home_bic8s)], pa.list_(pa.string())),
            "home_countries": pa.array([list(settings.home_countries)], pa.list_(pa.string())),
            "obligation_threshold": pa.array([settings.obligation_threshold], pa.float64()),
        }
    )
    warehouse.load("run", run)


def load_history(warehouse: Warehouse, plan: Plan | None) -> None:
    """Load what earlier runs still stand for; without a plan the tables are empty."""
    for name in HISTORY_TABLES:
        warehouse.create_like(f"history_{name}", TABLES[name])
    if plan is None:
        return
    for run in plan.earlier:
        taken_now = plan.supersedes.get(run.manifest.run_id, ())
        standing = replace(run, superseded=run.superseded | frozenset(taken_now))
        if not standing.is_live:
            continue
        for name in HISTORY_TABLES:
            warehouse.insert_parquet(
                f"history_{name}",
                standing.parquet(name),
                without_sources=sorted(standing.superseded),
                messages=standing.parquet("messages"),
            )


def find_exposure(warehouse: Warehouse, context: Context, progress: Progress) -> None:
    """Link, screen, assess and measure: everything that the model looks at."""
    _in_order(
        [
            ("link", lambda: warehouse.build_all(load_relations("canonical"))),
            ("ownership", lambda: watchlists.compute_ownership(warehouse)),
            ("screen", lambda: _screen(warehouse, context)),
            ("assess", lambda: exposure.assess(warehouse)),
            ("features", lambda: risk.build_features(warehouse)),
        ],
        progress,
    )


def score(warehouse: Warehouse, champion: risk.Champion, run_id: str, progress: Progress) -> None:
    """Score every transaction and measure the banks by the outcome."""
    _in_order(
        [
            ("score", lambda: risk.score(warehouse, champion, run_id)),
            ("banks", lambda: exposure.measure_banks(warehouse)),
        ],
        progress,
    )


def _in_order(steps: Sequence[tuple[str, Callable[[], object]]], progress: Progress) -> None:
    for name, step in steps:
        progress(name, 0, 1)
        step()
        progress(name, 1, 1)


def _screen(warehouse: Warehouse, context: Context) -> None:
    screening.screen(
        warehouse,
        index_for(context.workspace, context.tables, warehouse),
        name_threshold=context.settings.name_threshold,
        text_threshold=context.settings.text_threshold,
        suppressions=context.suppressions,
    )
