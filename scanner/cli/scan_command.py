"""`scanner scan`: files in, explained and scored payments out."""

import json
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
from scanner.errors import FailOnReachedError, TooManyRejectedError
from scanner.settings import Settings, rejected_allowed

_BANDS = ("review", "escalate")


@click.command("scan")
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@workspace_option
@side_file_options
@click.option("--as-of", type=IsoDate(), help="Screen with what was known on this date.")
@click.option("--date", "business_date", type=IsoDate(), help="Business date, to judge list age.")
@click.option(
    "--fail-on", type=click.Choice(_BANDS), help="Exit 3 if a payment is in this band or above."
)
@click.option("--max-rejected", metavar="N|N%", help="Rejected messages allowed before exit 4.")
@click.option(
    "--max-list-age", "max_list_age_days", type=int, metavar="DAYS", help="Exit 5 on an older list."
)
@click.option(
    "--memory", "memory_limit_mb", type=int, metavar="MIB", help="Memory for the database engine."
)
@click.option("--workers", type=int, help="Processes that read files.")
@click.option("--models", metavar="DIR", help="Folder of the models.")
@click.option("--force", is_flag=True, help="Scan again what an equal run has done.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted scan of the same files.")
@click.option("--dry-run", is_flag=True, help="Say what would be scanned; write nothing.")
@log_format_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON summary line last on stdout.")
def command(
    sources: tuple[str, ...],
    workspace: str | None,
    business_date: date | None,
    fail_on: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Read payment files, screen every party and text, score, and publish the result.

    SRC is a file, a folder or a glob. Files that --mapping names are exports of rows.
    What cannot be read is listed by `scanner rejected list`.

    \b
    Examples:
      scanner scan payments/ -w workspace --customers customers.csv
      scanner scan exports/ -w workspace --mapping mapping.toml
      scanner scan 'in/*.fin' -w workspace --fail-on escalate --json
    """
    from scanner.pipeline.plan import ScanRequest
    from scanner.pipeline.scan import scan

    request_keys = (
        "customers",
        "ownership",
        "suppressions",
        "trade",
        "mapping",
        "as_of",
        "force",
        "resume",
        "dry_run",
    )
    request = ScanRequest(sources, **{key: given.pop(key) for key in request_keys})
    settings = settings_from(workspace=workspace, **given)
    began = datetime.now(tz=UTC)
    line = ProgressLine()
    try:
        summary = scan(
            request,
            settings,
            today=business_date or began.date(),
            progress=line,
            execution={"started_at_utc": began.isoformat(timespec="seconds")},
        )
    finally:
        line.end()
    tell_summary(summary)
    if as_json:
        facts = {k: str(v) if isinstance(v, Path) else v for k, v in asdict(summary).items()}
        click.echo(json.dumps(facts, sort_keys=True))
    refuse_too_many_rejected(settings, summary.messages, summary.rejected)
    reached = _BANDS[_BANDS.index(fail_on) :] if fail_on else ()
    found = sum(summary.bands.get(band, 0) for band in reached)
    if found:
        raise FailOnReachedError(
            f"{found} transactions are in band {' or '.join(reached)}",
            where=settings.workspace,
            hint='see `scanner sql "select * from alerts order by score desc"`',
        )


def refuse_too_many_rejected(settings: Settings, messages: int, rejected: int) -> None:
    """Exit 4 where more pieces were rejected than the settings allow.

    Raises:
        TooManyRejectedError: Says how many, and how many are allowed.
    """
    allowed = rejected_allowed(settings.max_rejected, messages + rejected)
    if rejected > allowed:
        raise TooManyRejectedError(
            f"{rejected} pieces were rejected, {allowed} are allowed",
            where=settings.workspace,
            hint="see `scanner rejected list`; allow more with --max-rejected",
        )


def tell_summary(summary: Any) -> None:
    """Say on stderr what a scan did."""
    if summary.dry_run:
        words = [f"would scan {summary.files} files, skip {summary.skipped_files} already done"]
    else:
        words = words_on(summary)
        words.insert(
            0,
            f"run {summary.run_id}: {summary.files} files, {summary.messages} messages, "
            f"{summary.transactions} transactions, {summary.rejected} rejected",
        )
    if summary.already_done:
        words.insert(
            0, "already done: the same files, lists, model and settings; nothing was changed"
        )
    tell("scan_ended", asdict(summary), *words)


def words_on(summary: Any) -> list[str]:
    """Bands, alerts and places of a summary in words."""
    bands = ", ".join(f"{count} {band}" for band, count in summary.bands.items())
    return [
        f"bands: {bands or 'none'}; {summary.alerts} alerts, {summary.hits} hits",
        f"snapshot {summary.snapshot}\nreport   {summary.report}",
    ]
