"""Makes a finished run again, aside, and compares its tables byte by byte.

A replay proves to an examiner that what was published follows from what was
read. It needs what the run had: the files where they were, the list versions
and the model that the workspace keeps, the same program. Nothing is published.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from scanner import __version__, ingest, manifest, risk, watchlists
from scanner.errors import IntegrityError, UsageError
from scanner.manifest import InputFile, Manifest
from scanner.pipeline.execute import execute
from scanner.pipeline.models import models_folder
from scanner.pipeline.plan import Plan, Progress, ScanRequest
from scanner.pipeline.rarity_basis import named_basis
from scanner.pipeline.run_account import SIDE_FILE_PATHS
from scanner.pipeline.run_store import StoredRun, history_of, runs_before
from scanner.pipeline.runs import PRUNED, find_run
from scanner.pipeline.workspace import Workspace, sha256_of_file
from scanner.risk import registry
from scanner.settings import Settings


@dataclass(frozen=True)
class Replay:
    """What came of a replay.

    Attributes:
        run_id: The run that was made again.
        tables: How many tables were compared.
        differing: Tables whose bytes differ, in order.
    """

    run_id: str
    tables: int
    differing: tuple[str, ...]


def replay(
    workspace: Workspace,
    run_id: str,
    settings: Settings,
    *,
    side_files: Mapping[str, Path | None],
    progress: Progress,
) -> Replay:
    """Make a run again from what it had and compare every table's hash.

    Args:
        workspace: Where it lies.
        run_id: The run, or an unambiguous beginning.
        settings: Memory, threads and folders; what shapes results comes from the run.
        side_files: Where the side files are now, where not at their old place.
        progress: Told the stage and how far it is.

    Raises:
        UsageError: No such run, or a file that it had is not there any more.
        IntegrityError: A file, a list, the model or the program is not what the run had.
        LockedError: Another process works in the workspace.
    """
    with workspace.locked():
        run = find_run(workspace, run_id)
        plan = _plan(workspace, run, settings, side_files)
        workspace.remove_staging()
        staging = workspace.runs / f".staging-replay-{plan.run_key[:12]}"
        staging.mkdir()
        try:
            made = execute(plan, staging, progress=progress, execution={})
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    before = {output.name: output.sha256 for output in run.manifest.outputs}
    after = {output.name: output.sha256 for output in made.outputs}
    names = sorted(before.keys() | after.keys())
    return Replay(
        run_id=run.manifest.run_id,
        tables=len(names),
        differing=tuple(
            name.removesuffix(".parquet") for name in names if before.get(name) != after.get(name)
        ),
    )


def _plan(
    workspace: Workspace, run: StoredRun, settings: Settings, side_files: Mapping[str, Path | None]
) -> Plan:
    was = run.manifest
    if was.program_version != __version__:
        raise IntegrityError(
            f"run {was.run_id} was made by version {was.program_version}, this is {__version__}",
            hint=f"install scanner {was.program_version} and replay with it",
        )
    shaped = replace(settings, **_shaping(was))
    as_of = date.fromisoformat(was.as_of) if was.as_of else None
    tables = watchlists.load(workspace.lists, as_of=as_of, only=_list_versions(was))
    _require_equal("the lists", tables.sha256, was.lists["sha256"], str(workspace.lists))
    basis = named_basis(workspace, _basis_versions(was))
    _require_equal("the basis of rarity", basis.sha256, was.lists["basis"]["sha256"], was.run_id)
    champion = _model(workspace, settings, was)
    _require_equal("the model", champion.sha256, was.model["sha256"], champion.version)
    paths = _side_files(was, side_files)
    context = manifest.context_key(
        lists_sha256=tables.sha256,
        basis_sha256=basis.sha256,
        model_sha256=champion.sha256,
        settings=shaped.shaping(),
        side_files=was.side_files,
        as_of=was.as_of,
        program_version=__version__,
    )
    _require_equal("the settings", context, was.context_key, was.run_id)
    earlier = runs_before(workspace.runs, was)
    for one in history_of(earlier, was.supersedes, was.place):
        if (one.folder / PRUNED).exists():
            raise UsageError(
                f"run {one.manifest.run_id}, on whose history it stands, was pruned",
                where=str(one.folder),
                hint="put its tables back from a backup",
            )
    request = ScanRequest(tuple(item.path for item in was.inputs), as_of=as_of, **paths)
    return Plan(
        request=request,
        settings=shaped,
        workspace=workspace,
        tables=tables,
        basis=basis,
        champion=champion,
        side_files=was.side_files,
        context_key=context,
        run_key=was.run_key,
        run_id=was.run_id,
        sequence=was.sequence,
        inputs=tuple(_unchanged(item) for item in was.inputs),
        skipped=was.skipped,
        earlier=tuple(earlier),
        supersedes=was.supersedes,
        takes_place_of=was.takes_place_of,
        mapping=ingest.read_mapping(request.mapping) if request.mapping else None,
        # A proof stands on its own feet.
        asks_answers=False,
    )


def _shaping(was: Manifest) -> dict[str, Any]:
    # JSON knows no tuples.
    return {k: tuple(v) if isinstance(v, list) else v for k, v in was.settings.items()}


def _list_versions(was: Manifest) -> dict[str, str]:
    """The versions that were live; a run with a date of knowledge looked past the chosen ones."""
    live = was.lists.get("live")
    if live is None:
        raise IntegrityError(
            "the run's manifest does not name the versions that were live", where=was.run_id
        )
    return dict(live)


def _basis_versions(was: Manifest) -> dict[str, str]:
    basis = was.lists.get("basis")
    if basis is None:
        raise IntegrityError(
            "the run's manifest does not name the basis of rarity", where=was.run_id
        )
    return dict(basis["versions"])


def _model(workspace: Workspace, settings: Settings, was: Manifest) -> risk.Champion:
    version = was.model["version"]
    for folder in (workspace.models, models_folder(settings)):
        if (folder / "risk" / version).is_dir():
            return registry.load_version(folder, version)
    raise UsageError(
        f"model {version} is not there any more",
        where=str(workspace.models),
        hint="name its folder with --models",
    )


def _side_files(was: Manifest, given: Mapping[str, Path | None]) -> dict[str, Any]:
    kept = was.execution.get(SIDE_FILE_PATHS, {})
    found: dict[str, Any] = {}
    for name, sha256 in was.side_files.items():
        path = given.get(name) or Path(kept.get(name, ""))
        if not path.is_file():
            raise UsageError(
                f"the file of --{name} is not there any more",
                where=str(path),
                hint=f"name it with --{name}",
            )
        _require_equal(f"the file of --{name}", sha256_of_file(path), sha256, str(path))
        found[name] = path
    return found


def _unchanged(item: InputFile) -> InputFile:
    path = Path(item.path)
    if not path.is_file():
        raise UsageError(
            "a source file is not there any more",
            where=item.path,
            hint="bring it back to its place from the archive",
        )
    _require_equal("a source file", sha256_of_file(path), item.sha256, item.path)
    return InputFile(item.path, item.sha256, item.byte_length)


def _require_equal(what: str, now: str, then: str, where: str) -> None:
    if now != then:
        verb = "are" if what.endswith("s") else "is"
        raise IntegrityError(
            f"{what} {verb} not what the run had",
            where=where,
            hint="restore it from a backup; a replay needs everything that the run had",
        )
