"""The main job on the invented sample data, from nothing to a report."""

import os
import shutil
from datetime import date
from pathlib import Path

from scanner import watchlists
from scanner.errors import UsageError
from scanner.pipeline.models import shipped
from scanner.pipeline.plan import Progress, ScanRequest
from scanner.pipeline.scan import ScanSummary, scan, silent
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings, load_settings

_MARK = ".scanner-demo"


def sample_settings(into: Path) -> Settings:
    """The settings of the sample data's bank, with the workspace of the demo."""
    settings, _ = load_settings(
        flags={"workspace": str(into)}, env=os.environ, folder=shipped("sample_data")
    )
    return settings


def run_demo(into: Path, settings: Settings, *, progress: Progress = silent) -> ScanSummary:
    """Load the invented lists and scan the invented payments.

    Args:
        into: Workspace folder; an earlier demo there is replaced, anything else is refused.
        settings: The effective settings, whose workspace is `into`.
        progress: Told how far it is.

    Raises:
        UsageError: `into` holds something that is no demo.
    """
    if into.is_dir() and any(into.iterdir()):
        if not (into / _MARK).is_file():
            raise UsageError(
                "the folder is not empty and holds no earlier demo",
                where=str(into),
                hint="name another folder with --into",
            )
        shutil.rmtree(into)
    sample = shipped("sample_data")
    workspace = Workspace(into)
    with workspace.locked():
        (into / _MARK).touch()
        watchlists.update(sample / "lists", workspace.lists)
    request = ScanRequest(
        (str(sample / "payments"),),
        customers=sample / "customers.csv",
        ownership=sample / "ownership.csv",
    )
    return scan(request, settings, today=date.max, progress=progress)
