"""After a change of the lists: the stored payments assessed again, without reading a file.

Each run that still stands and was made with other lists, another model or other settings is made
again from what it read, in the order of the runs; the new run stands for its files and in its
place. So are the runs that came after one that is made again, for it is their history. What is
shown then is what scans of the same files, one after the other, would show in a new workspace. What
was screened before is asked for from the kept answers, so that only names and texts are compared
that the change can alter.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from scanner.errors import UsageError
from scanner.pipeline.plan import Progress, ScanRequest
from scanner.pipeline.publish import publish
from scanner.pipeline.run_account import RunCounts, told_of
from scanner.pipeline.run_store import StoredRun, live_in_place, stored_runs
from scanner.pipeline.scan import ScanSummary, scan_locked, silent
from scanner.pipeline.stored_request import require_equal_request, with_side_files
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings


@dataclass(frozen=True, kw_only=True)
class RescreenSummary(RunCounts):
    """What a rescreening did, for a person and for a scheduler.

    Attributes:
        runs: Runs that stood when it began.
        current: Those of them that are as a scan would make them now.
    """

    runs: int
    current: int
    dry_run: bool = False


def rescreen(
    side_files: Mapping[str, Path | None],
    settings: Settings,
    *,
    today: date,
    dry_run: bool = False,
    progress: Progress = silent,
    told: Callable[[int, int, ScanSummary], None] = lambda *_: None,
    execution: Mapping[str, Any] | None = None,
) -> RescreenSummary:
    """Make every run that still stands again with today's lists, then publish once.

    Stopped or killed, it goes on when it is called again: runs that were made are current.

    Args:
        side_files: Side files that are not where the runs had them.
        settings: The effective settings.
        today: The business date, to judge the age of lists.
        dry_run: Count, write nothing.
        progress: Told the stage, how far it is and of how much.
        told: Told after each run how many of how many are done, and its counts.
        execution: What differs between executions, for the manifests.

    Raises:
        UsageError: Nothing was scanned, a side file that a run had is gone, or another version
            of the program read the files.
        IntegrityError: Lists, model or counts cannot be trusted.
        LockedError: Another process works in the workspace.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    with workspace.locked():
        live = live_in_place(stored_runs(workspace.runs))
        standing = [run for run in live if run.manifest.inputs]
        if not standing:
            raise UsageError(
                "no run stands here", where=str(workspace.runs), hint="run `scanner scan` first"
            )
        done: list[ScanSummary] = []
        is_outdated = False
        for run in standing:
            is_outdated = is_outdated or _has_newer_history(run, standing)
            request = replace(_request_of(run, side_files), dry_run=dry_run, force=is_outdated)
            made = scan_locked(
                request,
                settings,
                workspace,
                today=today,
                progress=progress,
                execution={**(execution or {}), "rescreened": run.manifest.run_id},
                published=False,
            )
            done.append(made)
            is_outdated = is_outdated or not _is_current(made)
            told(len(done), len(standing), made)
        if not dry_run:
            progress("publish", 0, 1)
            publish(workspace, settings)
            progress("publish", 1, 1)
    return _summary(done, workspace, dry_run=dry_run)


def _has_newer_history(run: StoredRun, standing: Sequence[StoredRun]) -> bool:
    """Whether a run before it in place was made after it: a rescreening was broken off."""
    return any(
        other.place < run.place and other.manifest.sequence > run.manifest.sequence
        for other in standing
    )


def _is_current(made: ScanSummary) -> bool:
    return made.already_done or (made.dry_run and not made.files)


def _request_of(run: StoredRun, side_files: Mapping[str, Path | None]) -> ScanRequest:
    """What the run was asked, of its own reading."""
    was = run.manifest
    given: dict[str, Any] = {n: p for n, p in side_files.items() if p and n in was.side_files}
    as_of = date.fromisoformat(was.as_of) if was.as_of else None
    asked = ScanRequest(
        tuple(item.path for item in was.inputs),
        as_of=as_of,
        resume=True,
        stored_run=was.run_id,
        **given,
    )
    asked = with_side_files(was, asked)
    require_equal_request(was, asked)
    return asked


def _summary(
    done: Sequence[ScanSummary], workspace: Workspace, *, dry_run: bool
) -> RescreenSummary:
    counts: Counter[str] = Counter()
    for made in done:
        for name in ("messages", "transactions", "rejected", "hits", "alerts"):
            counts[name] += getattr(made, name)
        counts.update({f"band_{band}": count for band, count in made.bands.items()})
    return RescreenSummary(
        runs=len(done),
        current=sum(_is_current(made) for made in done),
        files=sum(made.files for made in done),
        dry_run=dry_run,
        **told_of(counts, workspace),
    )
