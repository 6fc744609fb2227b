"""The stages in their order, each filling its tables in one private database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from scanner import exposure, ingest, reference, risk, screening, watchlists
from scanner.errors import IntegrityError
from scanner.ingest import Batch
from scanner.manifest import InputFile
from scanner.pipeline.kept_answers import answers_folder
from scanner.pipeline.plan import Plan, Progress
from scanner.pipeline.rarity_basis import RarityBasis
from scanner.pipeline.run_store import StoredRun
from scanner.pipeline.screening_index import index_for
from scanner.pipeline.stored_reading import take_reading
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


KEPT_NAMES = "kept_names"
"""One-row table: under which state of the lists the answers of this screening are kept."""


@dataclass(frozen=True)
class Context:
    """What the stages need besides the messages: lists, side files, settings, identity."""

    run_id: str
    settings: Settings
    workspace: Workspace
    tables: watchlists.ListTables
    basis: RarityBasis | None = None
    answers: Path | None = None
    customers: Path | None = None
    ownership: Path | None = None
    suppressions: Path | None = None
    trade: Path | None = None
    as_of: date | None = None


def context_of(plan: Plan) -> Context:
    """The context that a plan sets."""
    request = plan.request
    return Context(
        run_id=plan.run_id,
        settings=plan.settings,
        workspace=plan.workspace,
        tables=plan.tables,
        basis=plan.basis,
        answers=answers_folder(
            plan.workspace, plan.basis, plan.settings, plan.side_files.get("ownership")
        )
        if plan.asks_answers
        else None,
        customers=request.customers,
        ownership=request.ownership,
        suppressions=request.suppressions,
        trade=request.trade,
        as_of=request.as_of,
    )


_READ_SOURCES_DDL = """
    CREATE TABLE read_sources (
        path VARCHAR, sha256 VARCHAR, byte_length BIGINT,
        messages BIGINT, transactions BIGINT, rejected BIGINT
    )
"""
_READ_TABLES = ("parties", "texts", "rejected")
_COMMIT_ROWS = 100_000


def read_messages(
    warehouse: Warehouse,
    files: Sequence[InputFile],
    *,
    workers: int,
    mapping: ingest.ExportMapping | None = None,
    excerpts: Path | None = None,
    aside: Path | None = None,
    taken: StoredRun | None = None,
    progress: Progress,
) -> list[InputFile]:
    """Read the files into `read_messages`, `read_transactions`, `parties`, `texts`, `rejected`.

    Whole files are committed together with the note that they are done, so that
    a run that was killed goes on with the file after the last one committed.

    Args:
        warehouse: Takes the rows; may hold what an interrupted run has read.
        files: Files to read.
        workers: Processes that read.
        mapping: Which files are exports of rows.
        excerpts: Folder that keeps the raw bytes of what was rejected.
        aside: Folder in which the processes that read hand over what they read.
        taken: Finished run whose reading of these files is taken.
        progress: Told how many bytes are done.

    Returns:
        The files with their counts, in the order given.

    Raises:
        IntegrityError: A file changed while it was read, or was not accounted for.
    """
    done = _begin_or_resume(warehouse)
    if taken and not done:
        take_reading(warehouse, taken, files, excerpts)
        done = {file.path: file for file in files}
    total = sum(file.byte_length for file in files)
    read = sum(file.byte_length for file in done.values())
    waiting = [Path(file.path) for file in files if file.path not in done]
    held: list[Batch] = []
    batches = ingest.read_sources(
        waiting,
        workers=workers,
        seen=[file.sha256 for file in done.values()],
        mapping=mapping,
        aside=aside,
    )
    for batch in batches:
        held.append(batch)
        if batch.sources and sum(b.transactions.num_rows for b in held) >= _COMMIT_ROWS:
            done |= _commit(warehouse, held, excerpts)
            held = []
        read += sum(source.byte_length for source in batch.sources)
        progress("read", read, total)
    done |= _commit(warehouse, held, excerpts)
    return [_accounted(file, done) for file in files]


def _begin_or_resume(warehouse: Warehouse) -> dict[str, InputFile]:
    if not warehouse.has("read_sources"):
        warehouse.execute(_READ_SOURCES_DDL)
        for name in ("messages", "transactions"):
            warehouse.create_like(f"read_{name}", TABLES[name])
        warehouse.create(*(TABLES[name] for name in _READ_TABLES))
        return {}
    # Of an interrupted run only what was read whole is kept; every later stage begins anew.
    warehouse.drop_all_but(("read_sources", "read_messages", "read_transactions", *_READ_TABLES))
    warehouse.execute(
        """
        CREATE TEMP TABLE undone AS
        SELECT message_id FROM read_messages
        WHERE source_sha256 NOT IN (SELECT sha256 FROM read_sources)
        """
    )
    of_message = "regexp_replace(transaction_id, '-[0-9]+$', '') IN (SELECT message_id FROM undone)"
    for name in ("read_transactions", "parties", "texts"):
        warehouse.execute(f"DELETE FROM {name} WHERE {of_message}")  # noqa: S608 - names above
    warehouse.execute(
        "DELETE FROM read_messages WHERE message_id IN (SELECT message_id FROM undone)"
    )
    warehouse.execute(
        "DELETE FROM rejected WHERE source_sha256 NOT IN (SELECT sha256 FROM read_sources)"
    )
    return {str(row[0]): InputFile(*row) for row in warehouse.rows("FROM read_sources")}


def _commit(
    warehouse: Warehouse, batches: Sequence[Batch], excerpts: Path | None
) -> dict[str, InputFile]:
    done: dict[str, InputFile] = {}
    with warehouse.transaction():
        for batch in batches:
            warehouse.append("messages", batch.messages, into="read_messages")
            warehouse.append("transactions", batch.transactions, into="read_transactions")
            warehouse.append("parties", batch.parties)
            warehouse.append("texts", batch.texts)
            warehouse.append("rejected", batch.rejected)
            if excerpts is not None:
                for rejected_id, raw in batch.excerpts.items():
                    (excerpts / f"{rejected_id}.bin").write_bytes(raw)
            for source in batch.sources:
                file = InputFile(
                    str(source.path),
                    source.sha256,
                    source.byte_length,
                    source.messages,
                    source.transactions,
                    source.rejected,
                )
                done[file.path] = file
                warehouse.execute(
                    "INSERT INTO read_sources VALUES (?, ?, ?, ?, ?, ?)",
                    [*asdict(file).values()],
                )
    return done


def _accounted(file: InputFile, done: Mapping[str, InputFile]) -> InputFile:
    read = done.get(file.path)
    if read is None:
        raise IntegrityError("a source file was not accounted for", where=file.path)
    if read.sha256 != file.sha256:
        raise IntegrityError(
            "a source file changed while it was read",
            where=file.path,
            hint="scan a folder that nobody writes to",
        )
    return read


def load_side_tables(warehouse: Warehouse, context: Context) -> None:
    """Load lists, ownership, customers, reference tables and the one-row table `run`."""
    with warehouse.transaction():  # each table by itself would wait for the disk
        _load_side_tables(warehouse, context)


def _load_side_tables(warehouse: Warehouse, context: Context) -> None:
    for name in LIST_TABLES:
        warehouse.create(TABLES[name])
        warehouse.append(name, getattr(context.tables, name))
    warehouse.create(TABLES["ownership"], TABLES["customers"])
    warehouse.append("ownership", context.tables.ownership)
    if context.ownership:
        warehouse.append("ownership", watchlists.read_ownership_csv(context.ownership))
    if context.customers:
        warehouse.append("customers", watchlists.read_customers_csv(context.customers))
    if context.trade:
        warehouse.load("trade_baselines", exposure.read_trade_csv(context.trade))
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


def find_exposure(warehouse: Warehouse, context: Context, progress: Progress) -> None:
    """Link, screen, assess and measure: everything that the model looks at."""
    _in_order(
        [
            ("link", lambda: warehouse.build_all(load_relations("canonical"))),
            ("ownership", lambda: watchlists.compute_ownership(warehouse)),
            ("screen", lambda: _screen(warehouse, context)),
            ("assess", lambda: exposure.assess(warehouse, workers=context.settings.workers)),
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


def index_of(warehouse: Warehouse, context: Context) -> screening.Index:
    """The prepared lists of a run; the warehouse holds `effective_ownership`."""
    # Of the bank's own file alone: what lists say of owners changes with the lists.
    shares = watchlists.read_ownership_csv(context.ownership) if context.ownership else None
    firms = shares["owned_name"].unique().to_pylist() if shares else []
    return index_for(context.workspace, context.tables, warehouse, basis=context.basis, firms=firms)


def _screen(warehouse: Warehouse, context: Context) -> None:
    index = index_of(warehouse, context)
    if context.answers:
        kept = screening.names_kept_of(index, context.answers)
        warehouse.load(KEPT_NAMES, pa.table({"state": [kept]}))
    screen_with(warehouse, context, index)


def screen_with(
    warehouse: Warehouse,
    context: Context,
    index: screening.Index,
    *,
    common_words: frozenset[str] | None = None,
) -> None:
    """Screen as the run's settings and side files say; `common_words` as for `screening.screen`."""
    screening.screen(
        warehouse,
        index,
        name_threshold=context.settings.name_threshold,
        text_threshold=context.settings.text_threshold,
        suppressions=context.suppressions,
        answers=context.answers,
        common_words=common_words,
    )
