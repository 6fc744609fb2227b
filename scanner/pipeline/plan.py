"""What a run will do, decided before it begins: inputs, lists, model, key, what it supersedes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scanner import __version__, ingest, manifest, risk, watchlists
from scanner.errors import IntegrityError, UsageError
from scanner.manifest import InputFile
from scanner.pipeline.models import champion_folder
from scanner.pipeline.rarity_basis import RarityBasis, basis_for
from scanner.pipeline.run_store import StoredRun, done_in_context, stored_runs, superseded_by
from scanner.pipeline.workspace import Workspace, sha256_of_file
from scanner.settings import Settings

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how far it is, and of how much."""


@dataclass(frozen=True)
class ScanRequest:
    """What a scan is asked to do.

    Attributes:
        sources: Files, folders or globs.
        customers: CSV of the bank's customers.
        ownership: CSV of dated shares.
        suppressions: CSV of good-guy rules.
        trade: CSV of monthly trade statistics.
        mapping: TOML file that tells which files are exports of rows, and their columns.
        as_of: Date of the knowledge to screen with; None = today's.
        instead_of: SHA-256 of earlier files that the sources are corrected versions of.
        stored_run: Run whose files are taken as it read them; `sources` are not looked at.
        force: Scan files again that an equal run has done.
        resume: Go on with an interrupted run of the same key instead of beginning anew.
        dry_run: Say what would be done, write nothing.
    """

    sources: tuple[str, ...]
    customers: Path | None = None
    ownership: Path | None = None
    suppressions: Path | None = None
    trade: Path | None = None
    mapping: Path | None = None
    as_of: date | None = None
    instead_of: tuple[str, ...] = ()
    stored_run: str | None = None
    force: bool = False
    resume: bool = False
    dry_run: bool = False

    def side_files(self) -> dict[str, Path]:
        """The files beside the sources that shape the result."""
        named = {
            "customers": self.customers,
            "ownership": self.ownership,
            "suppressions": self.suppressions,
            "trade": self.trade,
            "mapping": self.mapping,
        }
        return {name: path for name, path in named.items() if path is not None}


@dataclass(frozen=True)
class Plan:
    """A run, decided but not begun.

    `asks_answers`: whether answers of earlier screenings may be taken, which save work alone.
    `taken`: the finished run whose reading is taken instead of the files, and whose place.
    """

    request: ScanRequest
    settings: Settings
    workspace: Workspace
    tables: watchlists.ListTables
    basis: RarityBasis
    champion: risk.Champion
    side_files: Mapping[str, str]
    context_key: str
    run_key: str
    run_id: str
    sequence: int
    inputs: tuple[InputFile, ...]
    skipped: tuple[InputFile, ...]
    earlier: tuple[StoredRun, ...]
    supersedes: Mapping[str, list[str]]
    mapping: ingest.ExportMapping | None = None
    asks_answers: bool = True
    taken: StoredRun | None = None
    takes_place_of: int | None = None

    @property
    def place(self) -> int:
        """Where the run stands among the runs."""
        return self.sequence if self.takes_place_of is None else self.takes_place_of


def make_plan(
    request: ScanRequest,
    settings: Settings,
    workspace: Workspace,
    *,
    today: date,
    progress: Progress,
) -> Plan:
    """Decide what a run will do; reads, but writes nothing.

    Raises:
        UsageError: Nothing to read, or a side file cannot be used.
        IntegrityError: Lists or model cannot be trusted.
    """
    tables = watchlists.load(workspace.lists, as_of=request.as_of)
    basis = basis_for(workspace)
    _refuse_stale(workspace, settings, today)
    champion = risk.load_champion(champion_folder(settings, workspace))
    side_files = {name: _hash_side_file(path) for name, path in request.side_files().items()}
    mapping = ingest.read_mapping(request.mapping) if request.mapping else None
    earlier = stored_runs(workspace.runs)
    taken = _stored_run(earlier, request.stored_run) if request.stored_run else None
    found = _standing(taken) if taken else hashed_inputs(request.sources, progress)
    context = manifest.context_key(
        lists_sha256=tables.sha256,
        basis_sha256=basis.sha256,
        model_sha256=champion.sha256,
        settings=settings.shaping(),
        side_files=side_files,
        as_of=request.as_of.isoformat() if request.as_of else None,
        program_version=__version__,
    )
    done = {} if request.force else done_in_context(earlier, context)
    inputs = tuple(file for file in found if file.sha256 not in done)
    sequence = earlier[-1].manifest.sequence + 1 if earlier else 1
    key = manifest.run_key(context, inputs)
    return Plan(
        request=request,
        settings=settings,
        workspace=workspace,
        tables=tables,
        basis=basis,
        champion=champion,
        side_files=side_files,
        context_key=context,
        run_key=key,
        run_id=f"{sequence:06d}-{key[:8]}",
        sequence=sequence,
        inputs=inputs,
        skipped=tuple(file for file in found if file.sha256 in done),
        earlier=tuple(earlier),
        supersedes=superseded_by(
            earlier, {file.sha256 for file in inputs} | set(request.instead_of)
        ),
        mapping=mapping,
        taken=taken,
        takes_place_of=taken.place if taken else None,
    )


def _stored_run(runs: Sequence[StoredRun], run_id: str) -> StoredRun:
    run = next(run for run in runs if run.manifest.run_id == run_id)
    if run.manifest.program_version != __version__:
        raise UsageError(
            f"run {run_id} was read by version {run.manifest.program_version},"
            f" this is {__version__}",
            hint="scan its files again",
        )
    return run


def _standing(run: StoredRun) -> list[InputFile]:
    """The files that a run still stands for."""
    return [item for item in run.manifest.inputs if item.sha256 not in run.superseded]


def hashed_inputs(sources: tuple[str, ...], progress: Progress) -> list[InputFile]:
    """The files that the sources name, each with its hash and length."""
    paths = ingest.find_sources(sources)
    found = []
    for position, path in enumerate(paths):
        progress("hash", position, len(paths))
        found.append(InputFile(str(path), sha256_of_file(path), path.stat().st_size))
    return found


def _hash_side_file(path: Path) -> str:
    try:
        return sha256_of_file(path)
    except OSError as error:
        raise UsageError(
            "a file named on the command line cannot be read", where=f"{path}: {error.strerror}"
        ) from error


def _refuse_stale(workspace: Workspace, settings: Settings, today: date) -> None:
    if not settings.max_list_age_days:
        return
    for status in watchlists.status(workspace.lists, today):
        if status.age_days is None or status.age_days > settings.max_list_age_days:
            age = "of unknown age" if status.age_days is None else f"{status.age_days} days old"
            raise IntegrityError(
                f"list {status.list} is {age}, more than {settings.max_list_age_days} allowed",
                where=str(workspace.lists),
                hint="run `scanner lists update --from DIR` with a fresh copy",
            )
