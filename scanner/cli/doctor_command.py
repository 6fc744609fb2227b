"""`scanner doctor`: what would stop a scan."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from scanner.cli.options import settings_from, workspace_option
from scanner.errors import ExitCode

_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red"}


@click.command("doctor")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def command(workspace: str | None, as_json: bool) -> int:
    """Check versions, lists, model, disk, lock and finished runs; exit 5 if anything failed.

    \b
    Examples:
      scanner doctor -w workspace
      scanner doctor -w workspace --json
    """
    from scanner.pipeline.doctor import examine

    checks = examine(settings_from(workspace=workspace), datetime.now(tz=UTC).date())
    for check in checks:
        if as_json:
            click.echo(json.dumps(asdict(check)))
        else:
            outcome = click.style(f"{check.outcome:<8}", fg=_COLOURS[check.outcome])
            click.echo(f"{outcome} {check.name:<14} {check.seen}")
    failed = any(check.outcome == "failed" for check in checks)
    return int(ExitCode.INTEGRITY if failed else ExitCode.DONE)
