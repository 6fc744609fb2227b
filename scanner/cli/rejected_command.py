"""`scanner rejected`: what could not be read, and its bytes."""

from pathlib import Path

import click

from scanner.cli.options import workspace_from, workspace_option


@click.group("rejected")
def command() -> None:
    """List and show what could not be read.

    \b
    Examples:
      scanner rejected list -w workspace
      scanner rejected show 1f0c2a9e -w workspace
    """


@command.command("list")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "jsonl", "parquet"]),
    help="Form of the list.",
)
@workspace_option
def list_rejected(form: str | None, workspace: str | None) -> None:
    """List file, offset, length and reason of everything that was rejected.

    \b
    Examples:
      scanner rejected list
      scanner rejected list --format csv -w workspace
    """
    from scanner.cli.output import write_table
    from scanner.warehouse.readonly import Snapshot

    with Snapshot.open(workspace_from(workspace).snapshot) as snapshot:
        found = snapshot.arrow(
            "SELECT rejected_id, source_file, byte_offset, byte_length, message_type,"
            " reason_code, reason, field_path"
            " FROM rejected ORDER BY source_file, byte_offset"
        )
    write_table(found, form=form, output=None)


@command.command("show")
@click.argument("rejected_id")
@workspace_option
def show(rejected_id: str, workspace: str | None) -> None:
    """Print the reason and the raw bytes of one rejected piece.

    \b
    Examples:
      scanner rejected show 1f0c2a9e
      scanner rejected show 1f0c2a9e -w workspace
    """
    from scanner.errors import UsageError
    from scanner.visible import safe_text
    from scanner.warehouse.readonly import Snapshot

    place = workspace_from(workspace)
    with Snapshot.open(place.snapshot) as snapshot:
        found = snapshot.rows(
            "SELECT source_file, byte_offset, byte_length, reason, excerpt_location"
            " FROM rejected WHERE starts_with(rejected_id, ?) ORDER BY rejected_id",
            [rejected_id],
        )
    if len(found) != 1:
        raise UsageError(
            f"{len(found)} rejected pieces match {rejected_id!r}",
            hint="see `scanner rejected list`",
        )
    source, offset, length, reason, location = found[0]
    click.echo(f"{source}, byte {offset}, {length} bytes: {reason}", err=True)
    path = place.root / Path(location) if location else None
    if path is not None and path.is_file():
        click.echo(safe_text(path.read_bytes().decode("latin-1")))
