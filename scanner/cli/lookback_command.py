"""`scanner lookback`: years of archive, month by month, restartable."""

import json
import time
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from scanner.cli.diagnostics import ProgressLine, tell
from scanner.cli.options import (
    IsoDate,
    log_format_option,
    settings_from,
    side_file_options,
    workspace_option,
)
from scanner.cli.scan_command import refuse_too_many_rejected, words_on


class _AsOf(click.ParamType[Any]):
    """`today`, `payment-date` or a date."""

    name = "today|payment-date|date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the word or the date, or fail with the forms that are wanted."""
        from scanner.pipeline.lookback import Knowledge

        if value in list(Knowledge):
            return Knowledge(value)
        return IsoDate().convert(value, param, ctx)


@click.command("lookback")
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@workspace_option
@click.option("--from", "first", type=IsoDate(), required=True, help="First value date wanted.")
@click.option("--to", "last", type=IsoDate(), required=True, help="Last value date wanted.")
@click.option(
    "--as-of",
    "knowledge",
    type=_AsOf(),
    default="today",
    show_default=True,
    help="Whose lists judge: today's, those of each payment's date, or those of one date.",
)
@side_file_options
@click.option("--max-rejected", metavar="N|N%", help="Rejected messages allowed before exit 4.")
@click.option(
    "--memory", "memory_limit_mb", type=int, metavar="MIB", help="Memory for the database engine."
)
@click.option("--workers", type=int, help="Processes that read files.")
@click.option("--models", metavar="DIR", help="Folder of the models.")
@log_format_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON summary line last on stdout.")
def command(
    sources: tuple[str, ...],
    workspace: str | None,
    first: date,
    last: date,
    knowledge: Any,
    as_json: bool,
    **given: Any,
) -> None:
    """Scan an archive month by month in the order of its payments, then publish once.

    A look-back that was stopped or killed goes on when the same command runs again: months that
    have ended are kept. A file is taken whole if one of its payments lies in the range.

    \b
    Examples:
      scanner lookback archive/ --from 2022-02-24 --to 2024-12-31 -w workspace
      scanner lookback archive/ --from 2023-12-22 --to 2024-06-30 --as-of payment-date --memory 4096
    """
    from scanner.pipeline.lookback import LookbackRequest, lookback
    from scanner.pipeline.plan import ScanRequest

    names = ("customers", "ownership", "suppressions", "trade", "mapping")
    side_files = {name: given.pop(name) for name in names}
    request = LookbackRequest(ScanRequest(sources, **side_files), first, last, knowledge)
    settings = settings_from(workspace=workspace, **given)
    began = datetime.now(tz=UTC)
    line = ProgressLine()
    teller = _Teller(line)
    try:
        summary = lookback(
            request,
            settings,
            today=began.date(),
            progress=line,
            told=teller,
            execution={"started_at_utc": began.isoformat(timespec="seconds")},
        )
    finally:
        line.end()
    _tell(summary)
    if as_json:
        facts = {k: str(v) if isinstance(v, Path) else v for k, v in asdict(summary).items()}
        click.echo(json.dumps(facts, sort_keys=True))
    refuse_too_many_rejected(settings, summary.messages, summary.rejected)


class _Teller:
    """Says after each partition how far the look-back is and how long the rest will take."""

    def __init__(self, line: ProgressLine) -> None:
        self._line = line
        self._began = time.monotonic()

    def __call__(self, step: Any) -> None:
        """Tell one step."""
        self._line.end()
        if step.partition is None:
            self._began = time.monotonic()
            facts = {"partitions": step.total, "transactions": step.transactions_left}
            words = f"{step.total} partitions, {step.transactions_left} transactions"
            tell("lookback_began", facts, words)
            return
        seconds = time.monotonic() - self._began
        words = (
            f"partition {step.done} of {step.total}: {step.partition.label}, "
            f"{len(step.partition.files)} files, {step.partition.transactions} transactions"
        )
        if step.already_done:
            words += ", already done"
        else:
            words += time_left(seconds, step.transactions_done, step.transactions_left)
        facts = {
            "partition": step.done,
            "partitions": step.total,
            "label": step.partition.label,
            "files": len(step.partition.files),
            "transactions": step.partition.transactions,
            "already_done": step.already_done,
            "seconds": round(seconds, 1),
            "transactions_left": step.transactions_left,
        }
        tell("partition_ended", facts, words)


def time_left(seconds: float, done: int, left: int) -> str:
    """Words on the time left, at the rate so far; nothing where no rate is known.

    Args:
        seconds: Time spent.
        done: What was done in it.
        left: What is to be done.
    """
    if not done or not seconds or not left:
        return ""
    rest = seconds / done * left
    words = f"{rest / 3600:.1f} h" if rest >= 3600 else f"{rest / 60:.0f} min"
    return f"; {done / seconds:.0f} transactions/s, about {words if rest >= 60 else '1 min'} left"


def _tell(summary: Any) -> None:
    tell(
        "lookback_ended",
        asdict(summary),
        f"look-back: {summary.partitions} partitions, {summary.already_done} of them already "
        f"done; {summary.files} files, {summary.left_out_files} outside the range",
        f"{summary.messages} messages, {summary.transactions} transactions, "
        f"{summary.rejected} rejected",
        *words_on(summary),
    )
