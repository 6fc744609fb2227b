"""`scanner lists`: the sanctions lists of a workspace and their versions."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click

from scanner.cli.diagnostics import note
from scanner.cli.options import (
    IsoDate,
    log_format_option,
    settings_from,
    workspace_from,
    workspace_option,
)
from scanner.cli.output import form_option, write_table
from scanner.errors import ExitCode


@click.group("lists")
def command() -> None:
    """Keep the sanctions lists: update, status, history, diff, verify.

    \b
    Examples:
      scanner lists update --from lists/ -w workspace
      scanner lists status -w workspace
    """


@command.command("update")
@click.option(
    "--from",
    "source",
    required=True,
    metavar="DIR|URL|official",
    help="Folder with the publishers' files; a URL or `official` uses the network.",
)
@click.option("--date", "loaded_on", type=IsoDate(), help="Date of the files, if they give none.")
@click.option("--list", "only", multiple=True, metavar="LIST", help="With official: these lists.")
@click.option("--hold", is_flag=True, help="Keep the versions without making them active.")
@log_format_option
@workspace_option
def update(
    source: str,
    loaded_on: date | None,
    only: tuple[str, ...],
    hold: bool,
    workspace: str | None,
) -> None:
    """Read the list files found in a folder and make them the active versions.

    A file that cannot be trusted is refused with exit 5 and the active version stays.

    \b
    Examples:
      scanner lists update --from lists/ -w workspace
      scanner lists update --from lists/ --date 2024-05-03 --hold
    """
    from scanner.pipeline.lists import update_lists

    settings = settings_from(workspace=workspace)
    for facts in update_lists(source, settings, loaded_on=loaded_on, only=only, go_live=not hold):
        click.echo(
            f"{facts.list}  {facts.version}  {facts.entry_count} entries  "
            f"{facts.name_count} names  {facts.rejected_count} rows not used"
            f"{'  held back' if hold else ''}"
        )
        for words in facts.notes:
            note(f"{facts.list}: {words}")


@command.command("activate")
@click.argument("list_name", metavar="LIST")
@click.argument("version", metavar="VERSION")
@workspace_option
def activate(list_name: str, version: str, workspace: str | None) -> None:
    """Make a version that is kept the active one.

    \b
    Examples:
      scanner lists history OFAC-SDN
      scanner lists activate OFAC-SDN 2024-05-03
    """
    from scanner.pipeline.lists import activate_list

    made = activate_list(settings_from(workspace=workspace), list_name, version)
    note(f"{list_name} {made} is active")


@command.command("impact")
@click.option("--since", type=IsoDate(), help="Compare what was known on this day with today.")
@click.option(
    "--held",
    multiple=True,
    metavar="LIST=VERSION",
    help="Compare today with this held-back version.",
)
@form_option
@workspace_option
def impact(
    since: date | None,
    held: tuple[str, ...],
    form: str | None,
    output: Path | None,
    workspace: str | None,
) -> None:
    """Show which stored payments and customers newly alert or clear by a change of the lists.

    \b
    Examples:
      scanner lists impact --since 2024-02-24 -w workspace
      scanner lists impact --held OFAC-SDN=2024-05-03 --format csv
    """
    from scanner.errors import UsageError
    from scanner.pipeline.impact import impact as compare

    wrong = [text for text in held if "=" not in text]
    if wrong or not (since or held):
        raise UsageError(
            "name what to compare",
            where=", ".join(wrong),
            hint="--since DATE or --held LIST=VERSION",
        )
    instead = dict(text.split("=", 1) for text in held)
    found = compare(settings_from(workspace=workspace), since=since, instead=instead)
    write_table(found, form=form, output=output)
    note(f"{found.num_rows} changes")


@command.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@workspace_option
def status(as_json: bool, workspace: str | None) -> None:
    """Show the active version of each list and its age.

    \b
    Examples:
      scanner lists status -w workspace
      scanner lists status --json
    """
    from scanner import watchlists

    today = datetime.now(tz=UTC).date()
    for found in watchlists.status(workspace_from(workspace).lists, today):
        if as_json:
            click.echo(json.dumps(asdict(found), default=str))
            continue
        age = "age unknown" if found.age_days is None else f"{found.age_days} days old"
        click.echo(f"{found.list}  {found.version}  {found.entry_count} entries  {age}")


@command.command("history")
@click.argument("list_name", metavar="LIST")
@workspace_option
def history(list_name: str, workspace: str | None) -> None:
    """Show all versions of one list, oldest first.

    \b
    Examples:
      scanner lists history OFAC-SDN
      scanner lists history OFAC-SDN -w workspace
    """
    from scanner import watchlists

    for facts in watchlists.history(workspace_from(workspace).lists, list_name):
        click.echo(
            f"{facts.list}  {facts.version}  {facts.entry_count} entries  "
            f"{facts.eo14024_count} under E.O. 14024"
        )


@command.command("diff")
@click.argument("list_name", metavar="LIST")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@workspace_option
def diff(list_name: str, old: str, new: str, workspace: str | None) -> None:
    """Show what changed between two versions of a list.

    \b
    Examples:
      scanner lists history OFAC-SDN
      scanner lists diff OFAC-SDN OLD NEW
    """
    from scanner import watchlists

    changes = watchlists.diff(workspace_from(workspace).lists, list_name, old, new)
    for change in changes:
        click.echo(f"{change.kind}  {change.entry_id}  {change.entry_name or ''}")


@command.command("verify")
@workspace_option
def verify(workspace: str | None) -> int:
    """Check the files of every version against their hashes; exit 5 if anything was changed.

    \b
    Examples:
      scanner lists verify
      scanner lists verify -w workspace
    """
    from scanner import watchlists

    faults = watchlists.verify(workspace_from(workspace).lists)
    for fault in faults:
        click.echo(str(fault))
    return int(ExitCode.INTEGRITY if faults else ExitCode.DONE)
