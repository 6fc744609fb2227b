"""Files in, explained and scored payments out: one run through all stages.

The run works in a staging folder and appears under `runs/` in one rename, with
a manifest whose counts balance; then the snapshot is built aside and swapped
in. A crash at any moment leaves the last published state whole, and the next
run removes what was left.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from scanner.errors import ScannerError, StorageError, UsageError
from scanner.manifest import Manifest
from scanner.pipeline.delta import delta
from scanner.pipeline.execute import execute
from scanner.pipeline.plan import Plan, Progress, ScanRequest, make_plan
from scanner.pipeline.publish import publish
from scanner.pipeline.rarity_basis import keep_basis
from scanner.pipeline.run_account import RunCounts, told_of
from scanner.pipeline.workspace import Workspace, sync_folder
from scanner.settings import Settings
from scanner.warehouse import storage_faults


@dataclass(frozen=True, kw_only=True)
class ScanSummary(RunCounts):
    """What a scan did, for a person and for a scheduler."""

    run_id: str | None
    already_done: bool
    skipped_files: int
    dry_run: bool = False


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def scan(
    request: ScanRequest,
    settings: Settings,
    *,
    today: date,
    progress: Progress = silent,
    execution: Mapping[str, Any] | None = None,
) -> ScanSummary:
    """Run files through all stages and publish the result.

    Args:
        request: What to scan.
        settings: The effective settings.
        today: The business date, to judge the age of lists.
        progress: Told the stage, how far it is and of how much.
        execution: What differs between executions (times, host), for the manifest.

    Returns:
        Counts of the run; of an earlier equal run when nothing was left to do.

    Raises:
        UsageError: Nothing to read, or a side file cannot be used.
        IntegrityError: Lists, model or counts cannot be trusted.
        LockedError: Another process works in the workspace.
        StorageError: The disk is full or cannot be written; nothing that was published is lost.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    with workspace.locked():
        return scan_locked(
            request, settings, workspace, today=today, progress=progress, execution=execution
        )


def scan_locked(
    request: ScanRequest,
    settings: Settings,
    workspace: Workspace,
    *,
    today: date,
    progress: Progress = silent,
    execution: Mapping[str, Any] | None = None,
    published: bool = True,
) -> ScanSummary:
    """As `scan`, for a caller that holds the workspace and may publish later."""
    plan = make_plan(request, settings, workspace, today=today, progress=progress)
    if request.dry_run:
        return ScanSummary(
            run_id=None,
            already_done=False,
            files=len(plan.inputs),
            skipped_files=len(plan.skipped),
            dry_run=True,
        )
    staging = workspace.runs / f".staging-{plan.run_key[:12]}"
    if not plan.inputs:
        if request.resume:
            workspace.remove_unfinished_snapshots()
        else:
            workspace.remove_staging()
        return _already_done(plan, workspace, published=published)
    workspace.remove_staging(keep=staging if request.resume else None)
    try:
        with storage_faults(workspace.root):
            keep_basis(workspace, plan.basis)
            staging.mkdir(exist_ok=True)
            differing = execution or {}
            made = delta(plan, staging, progress=progress, execution=differing)
            if made is None:
                made = execute(plan, staging, progress=progress, execution=differing)
            staging.rename(workspace.runs / plan.run_id)
    except StorageError:
        # What was read whole is kept: with room on the disk, `--resume` goes on from there.
        raise
    except (ScannerError, OSError):
        # What was read so far is of no use: the fault would come again.
        shutil.rmtree(staging, ignore_errors=True)
        raise
    sync_folder(workspace.runs)
    if published:
        progress("publish", 0, 1)
        publish(workspace, settings)
        progress("publish", 1, 1)
    return _summary(made, workspace)


def _already_done(plan: Plan, workspace: Workspace, *, published: bool) -> ScanSummary:
    hashes = {file.sha256 for file in plan.skipped}
    stood = [
        run.manifest
        for run in plan.earlier
        if any(item.sha256 in hashes for item in run.manifest.inputs)
    ]
    if not stood:
        raise UsageError("nothing to scan", where=", ".join(plan.request.sources))
    # A crash between the run and its publication left a run that nobody sees yet.
    if published:
        publish(workspace, plan.settings)
    return replace(_summary(stood[-1], workspace), already_done=True)


def _summary(made: Manifest, workspace: Workspace) -> ScanSummary:
    return ScanSummary(
        run_id=made.run_id,
        already_done=False,
        files=len(made.inputs),
        skipped_files=len(made.skipped),
        **told_of(made.counts, workspace),
    )
