"""Looks for what would stop a scan, before the night does."""

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scanner import __version__, reference, risk, watchlists
from scanner.errors import LockedError, ScannerError
from scanner.pipeline.models import champion_folder
from scanner.pipeline.runs import verify
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings

_LIBRARIES = ("duckdb", "polars", "pyarrow", "scikit-learn", "skops", "rapidfuzz", "click")
_LEAST_FREE_BYTES = 2 << 30


@dataclass(frozen=True)
class Check:
    """One thing looked at: `ok`, `warning` or `failed`, and what was seen."""

    name: str
    outcome: str
    seen: str


def examine(settings: Settings, today: date) -> list[Check]:
    """Look at everything; one failing look does not hide the others."""
    workspace = Workspace(Path(settings.workspace))
    looks: list[tuple[str, Callable[[], Iterator[Check]]]] = [
        ("program", _program),
        ("reference", _reference),
        ("workspace", lambda: _workspace(workspace)),
        ("lists", lambda: _lists(workspace, settings, today)),
        ("model", lambda: _model(workspace, settings)),
        ("runs", lambda: _runs(workspace)),
    ]
    checks: list[Check] = []
    for name, look in looks:
        try:
            checks += look()
        except ScannerError as error:
            checks.append(Check(name, "failed", str(error).replace("\n", "; ")))
    return checks


def _program() -> Iterator[Check]:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES)
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield Check("program", "ok", f"scanner {__version__} on Python {python}")
    yield Check("libraries", "ok", versions)


def _reference() -> Iterator[Check]:
    names = reference.names()
    for name in names:
        reference.rows(name)
    yield Check("reference", "ok", f"{len(names)} tables")


def _workspace(workspace: Workspace) -> Iterator[Check]:
    if not workspace.root.is_dir():
        yield Check("workspace", "failed", f"{workspace.root} does not exist")
        return
    writable = os.access(workspace.root, os.W_OK | os.X_OK)
    yield Check(
        "permissions",
        "ok" if writable else "failed",
        f"{workspace.root} is {'writable' if writable else 'not writable'}",
    )
    free = shutil.disk_usage(workspace.root).free
    outcome = "ok" if free >= _LEAST_FREE_BYTES else "warning"
    yield Check("disk", outcome, f"{free / (1 << 30):.1f} GiB free")
    if writable:
        try:
            with workspace.locked():
                yield Check("lock", "ok", "free")
        except LockedError as error:
            yield Check("lock", "warning", error.what)
    shown = workspace.snapshot.is_file()
    yield Check(
        "snapshot",
        "ok" if shown else "warning",
        str(workspace.snapshot) if shown else "nothing published yet",
    )


def _lists(workspace: Workspace, settings: Settings, today: date) -> Iterator[Check]:
    watchlists.load(workspace.lists)
    for status in watchlists.status(workspace.lists, today):
        limit = settings.max_list_age_days
        old = bool(limit) and (status.age_days is None or status.age_days > limit)
        age = "age unknown" if status.age_days is None else f"{status.age_days} days old"
        yield Check(
            f"list {status.list}",
            "failed" if old else "ok",
            f"{status.version}, {status.entry_count} entries, {age}",
        )


def _model(workspace: Workspace, settings: Settings) -> Iterator[Check]:
    champion = risk.load_champion(champion_folder(settings, workspace))
    yield Check("model", "ok", f"{champion.version}, sha256 {champion.sha256[:12]}")


def _runs(workspace: Workspace) -> Iterator[Check]:
    findings = verify(workspace)
    if not findings:
        yield Check("runs", "ok", "every output and the chain are as written")
    for finding in findings:
        yield Check(f"run {finding.run_id}", "failed", finding.what)
