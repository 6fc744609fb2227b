"""`scanner rescreen`: stored payments assessed again after a change of the lists."""

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
from scanner.cli.scan_command import words_on


@click.command("rescreen")
@workspace_option
@side_file_options
@click.option("--date", "business_date", type=IsoDate(), help="Business date, to judge list age.")
@click.option(
    "--max-list-age", "max_list_age_days", type=int, metavar="DAYS", help="Exit 5 on an older list."
)
@click.option(
    "--memory", "memory_limit_mb", type=int, metavar="MIB", help="Memory for the database engine."
)
@click.option("--models", metavar="DIR", help="Folder of the models.")
@click.option("--dry-run", is_flag=True, help="Say what would be made again; write nothing.")
@log_format_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON summary line last on stdout.")
def command(
    workspace: str | None,
    business_date: date | None,
    dry_run: bool,
    as_json: bool,
    models: str | None,
    memory_limit_mb: int | None,
    max_list_age_days: int | None,
    **side_files: Any,
) -> None:
    """Assess stored payments again with the lists, model and settings of today, then publish.

    For after `scanner lists update`. No file is read again: each run that still stands is made
    again from what it read, and only names and texts that the change of the lists can alter are
    compared. The result is that of a scan of the same files. Side files are those of the scans, at
    their old place where they are not given. Stopped, the same command goes on.

    \b
    Examples:
      scanner lists update --from lists/ -w workspace
      scanner rescreen -w workspace
    """
    from scanner.pipeline.rescreen import rescreen

    settings = settings_from(
        workspace=workspace,
        models=models,
        memory_limit_mb=memory_limit_mb,
        max_list_age_days=max_list_age_days,
    )
    began = datetime.now(tz=UTC)
    line = ProgressLine()

    def told(done: int, total: int, made: Any) -> None:
        line.end()
        words = "already current" if made.already_done else f"{made.transactions} transactions"
        facts = {"done": done, "runs": total, "run_id": made.run_id}
        tell("run_rescreened", facts, f"run {done} of {total}: {words}")

    try:
        summary = rescreen(
            side_files,
            settings,
            today=business_date or began.date(),
            dry_run=dry_run,
            progress=line,
            told=told if not dry_run else lambda *_: None,
            execution={"started_at_utc": began.isoformat(timespec="seconds")},
        )
    finally:
        line.end()
    left = summary.runs - summary.current
    if dry_run:
        words = [f"would make {left} of {summary.runs} runs again, {summary.files} files"]
    else:
        words = [
            f"rescreened: {left} of {summary.runs} runs made again, {summary.current} current",
            *words_on(summary),
        ]
    tell("rescreen_ended", asdict(summary), *words)
    if as_json:
        facts = {k: str(v) if isinstance(v, Path) else v for k, v in asdict(summary).items()}
        click.echo(json.dumps(facts, sort_keys=True))
