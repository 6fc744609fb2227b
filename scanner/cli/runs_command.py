"""`scanner runs`: finished runs, their accounts and their upkeep."""

from typing import Any

import click

from scanner.cli.diagnostics import ProgressLine, note
from scanner.cli.options import (
    log_format_option,
    settings_from,
    side_file_options,
    workspace_from,
    workspace_option,
)
from scanner.errors import ExitCode


@click.group("runs")
def command() -> None:
    """List, show, verify, replay and prune finished runs.

    \b
    Examples:
      scanner runs list -w workspace
      scanner runs verify -w workspace
    """


@command.command("list")
@workspace_option
def list_runs(workspace: str | None) -> None:
    """List the runs, oldest first.

    \b
    Examples:
      scanner runs list
      scanner runs list -w workspace
    """
    from scanner.pipeline.run_store import stored_runs

    for run in stored_runs(workspace_from(workspace).runs):
        made = run.manifest
        state = "live" if run.is_live else "superseded"
        place = f"  in the place of run {run.place}" if run.place != made.sequence else ""
        click.echo(
            f"{made.run_id}  {state:<10}  {len(made.inputs)} files  "
            f"{made.counts['messages']} messages  {made.counts['alerts']} alerts{place}"
        )


@command.command("show")
@click.argument("run_id")
@workspace_option
def show(run_id: str, workspace: str | None) -> None:
    """Print the account of one run: inputs, lists, model, counts that balance, output hashes.

    \b
    Examples:
      scanner runs show 000001
      scanner runs show 000001-5f0c2a9e -w workspace
    """
    from scanner.pipeline.runs import find_run

    click.echo(find_run(workspace_from(workspace), run_id).manifest.to_json(), nl=False)


@command.command("verify")
@workspace_option
def verify(workspace: str | None) -> int:
    """Check every output's hash and the chain of runs; exit 5 if anything was changed.

    \b
    Examples:
      scanner runs verify
      scanner runs verify -w workspace
    """
    from scanner.pipeline.runs import verify as find_faults

    findings = find_faults(workspace_from(workspace))
    for finding in findings:
        click.echo(f"{finding.run_id}  {finding.what}")
    if not findings:
        note("every output and the chain are as written")
    return int(ExitCode.INTEGRITY if findings else ExitCode.DONE)


@command.command("replay")
@click.argument("run_id", metavar="RUN")
@side_file_options
@log_format_option
@click.option("--models", metavar="DIR", help="Folder of the models.")
@workspace_option
def replay_run(run_id: str, models: str | None, workspace: str | None, **given: Any) -> int:
    """Make a run again, aside, and compare every table; exit 5 if one differs.

    Files, list versions, model and program must be those that the run had. Side files are looked
    for at their old place, or where their option names them. Nothing is published.

    \b
    Examples:
      scanner runs replay 000001 -w workspace
      scanner runs replay 000001 --customers archive/customers.csv
    """
    from scanner.pipeline.replay import replay

    settings = settings_from(workspace=workspace, models=models)
    line = ProgressLine()
    try:
        made = replay(workspace_from(workspace), run_id, settings, side_files=given, progress=line)
    finally:
        line.end()
    for table in made.differing:
        click.echo(f"{made.run_id}  {table} differs")
    same = made.tables - len(made.differing)
    note(f"run {made.run_id}: {same} of {made.tables} tables are equal byte by byte")
    return int(ExitCode.INTEGRITY if made.differing else ExitCode.DONE)


@command.command("prune")
@click.option("--keep", type=click.IntRange(0), default=35, show_default=True)
@workspace_option
def prune(keep: int, workspace: str | None) -> None:
    """Remove the tables of superseded runs; live runs and those under LEGAL_HOLD stay.

    \b
    Examples:
      scanner runs prune --keep 35
      scanner runs prune --keep 0 -w workspace
    """
    from scanner.pipeline.runs import prune as remove

    removed = remove(workspace_from(workspace), keep=keep)
    for run_id in removed:
        click.echo(run_id)
    note(f"{len(removed)} runs pruned")
