"""Years of archive, a month at a time: ordinary runs in the order of the payments.

Each partition is a run of its own with its manifest, so a look-back that was
killed goes on where it stopped: finished partitions are found done, the one
under work is resumed file by file. Memory is that of one month. A later
partition finds the earlier ones in the history, as a nightly scan does.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from scanner import watchlists
from scanner.errors import UsageError
from scanner.pipeline.file_days import FileDays, days_of_files
from scanner.pipeline.plan import Progress, ScanRequest, hashed_inputs
from scanner.pipeline.publish import publish
from scanner.pipeline.run_account import RunCounts, told_of
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.scan import scan_locked, silent
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings

UNDATED = "without date"


class Knowledge(StrEnum):
    """Whose day's lists judge a payment, where no single day is given."""

    TODAY = "today"
    PAYMENT_DATE = "payment-date"


@dataclass(frozen=True)
class LookbackRequest:
    """What a look-back is asked to do.

    Attributes:
        scan: Sources and side files; `as_of` and `resume` are set for each partition.
        first: First value date wanted.
        last: Last value date wanted.
        knowledge: Today's lists, those of the payment's day, or those of one given day.
    """

    scan: ScanRequest
    first: date
    last: date
    knowledge: Knowledge | date = Knowledge.TODAY


@dataclass(frozen=True)
class Partition:
    """Files that are scanned together.

    Attributes:
        label: Month, and the day whose lists are used.
        as_of: Day of the knowledge; None = today's.
        files: The files.
    """

    label: str
    as_of: date | None
    files: tuple[FileDays, ...]

    @property
    def transactions(self) -> int:
        """Transactions of its files."""
        return sum(file.transactions for file in self.files)


@dataclass(frozen=True)
class LookbackStep:
    """How far a look-back is: told before the first partition and after each one.

    Attributes:
        partition: The partition that has ended; None before the first.
        done: Partitions ended.
        total: Partitions of the look-back.
        transactions_done: Transactions of those that were scanned now, not found done.
        transactions_left: Transactions of those to come.
        already_done: Whether an earlier look-back had ended this partition.
    """

    partition: Partition | None
    done: int
    total: int
    transactions_done: int
    transactions_left: int
    already_done: bool = False


@dataclass(frozen=True, kw_only=True)
class LookbackSummary(RunCounts):
    """What a look-back did, for a person and for a scheduler."""

    partitions: int
    already_done: int
    left_out_files: int


def lookback(
    request: LookbackRequest,
    settings: Settings,
    *,
    today: date,
    progress: Progress = silent,
    told: Callable[[LookbackStep], None] = lambda _: None,
    execution: Mapping[str, Any] | None = None,
) -> LookbackSummary:
    """Scan all files that bear a payment of the range, a partition at a time, then publish.

    A file is taken whole as soon as one of its transactions lies in the range, or
    none of them has a date: leaving part of it out would lose payments silently.

    Args:
        request: What to look back on.
        settings: The effective settings.
        today: The business date, to judge the age of lists.
        progress: Told the stage, how far it is and of how much.
        told: Told before the first partition and after each.
        execution: What differs between executions, for the manifests.

    Returns:
        Counts over all partitions.

    Raises:
        UsageError: Nothing to read in the range, or a side file cannot be used.
        IntegrityError: Lists, model or counts cannot be trusted.
        LockedError: Another process works in the workspace.
    """
    if request.first > request.last:
        raise UsageError(
            "the range ends before it begins", where=f"{request.first} to {request.last}"
        )
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    with workspace.locked():
        found = days_of_files(
            hashed_inputs(request.scan.sources, progress),
            workspace.runs,
            workers=settings.workers,
            progress=progress,
            mapping=request.scan.mapping,
        )
        taken = [file for file in found if file.bears(request.first, request.last)]
        if not taken:
            raise UsageError(
                "no file bears a payment of the range",
                where=f"{request.first} to {request.last}, {len(found)} files",
            )
        partitions = _partitions(taken, request.knowledge, workspace)
        already_done = []
        left, now = sum(part.transactions for part in partitions), 0
        told(LookbackStep(None, 0, len(partitions), 0, left))
        for position, part in enumerate(partitions, 1):
            summary = scan_locked(
                replace(
                    request.scan,
                    sources=tuple(file.file.path for file in part.files),
                    as_of=part.as_of,
                    resume=True,
                ),
                settings,
                workspace,
                today=today,
                progress=progress,
                execution={**(execution or {}), "lookback": part.label},
                published=False,
            )
            already_done.append(summary.already_done)
            left -= part.transactions
            now += 0 if summary.already_done else part.transactions
            told(LookbackStep(part, position, len(partitions), now, left, summary.already_done))
        workspace.remove_staging()
        progress("publish", 0, 1)
        publish(workspace, settings)
        progress("publish", 1, 1)
    return _summary(already_done, taken, len(found), workspace)


def _partitions(
    files: Sequence[FileDays], knowledge: Knowledge | date, workspace: Workspace
) -> list[Partition]:
    """Files by month, and within a month by the list versions of their day."""
    days = [file.main_day for file in files if file.main_day]
    known = (
        watchlists.versions_known_on(workspace.lists, days)
        if knowledge is Knowledge.PAYMENT_DATE
        else {}
    )
    groups: dict[tuple[str, tuple[str, ...]], list[FileDays]] = {}
    for file in files:
        day = file.main_day
        month = day.strftime("%Y-%m") if day else UNDATED
        groups.setdefault((month, known[day] if day and known else ()), []).append(file)
    made = []
    for (month, _), held in groups.items():
        main_days = [file.main_day for file in held if file.main_day]
        first_day = min(main_days, default=date.max)
        if knowledge is Knowledge.PAYMENT_DATE:
            # Within the group every day knows the same versions; the last one stands for all.
            as_of = max(main_days, default=None)
            label = f"{month}, lists of {as_of}" if as_of else month
        else:
            as_of = knowledge if isinstance(knowledge, date) else None
            label = month
        made.append((first_day, Partition(label, as_of, tuple(held))))
    return [part for _, part in sorted(made, key=lambda pair: (pair[0], pair[1].label))]


def _summary(
    already_done: Sequence[bool],
    taken: Sequence[FileDays],
    found: int,
    workspace: Workspace,
) -> LookbackSummary:
    """Counts over the runs that now stand for the files, whoever made them."""
    hashes = {file.file.sha256 for file in taken}
    counts: Counter[str] = Counter()
    for run in stored_runs(workspace.runs):
        standing = {item.sha256 for item in run.manifest.inputs} - run.superseded
        if standing & hashes:
            counts.update(run.manifest.counts)
    return LookbackSummary(
        partitions=len(already_done),
        already_done=sum(already_done),
        files=len(taken),
        left_out_files=found - len(taken),
        **told_of(counts, workspace),
    )
