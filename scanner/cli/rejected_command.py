"""`scanner rejected`: what could not be read, its bytes, and reading it again."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from scanner.cli.diagnostics import ProgressLine, note
from scanner.cli.options import (
    IsoDate,
    settings_from,
    side_file_options,
    workspace_from,
    workspace_option,
)


@click.group("rejected")
def command() -> None:
    """List, show and read again what could not be read.

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
    note(f"{source}, byte {offset}, {length} bytes: {reason}")
    path = place.root / Path(location) if location else None
    if path is not None and path.is_file():
        click.echo(safe_text(path.read_bytes().decode("latin-1")))


@command.command("retry")
@click.argument("rejected_ids", nargs=-1, metavar="[REJECTED_ID]...")
@workspace_option
@click.option(
    "--corrected",
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="Corrected file, or folder of corrected files of the same names.",
)
@side_file_options
@click.option("--as-of", type=IsoDate(), help="As in the scan that rejected them.")
@click.option("--date", "business_date", type=IsoDate(), help="Business date, to judge list age.")
@click.option("--workers", type=int, help="Processes that read files.")
@click.option("--models", metavar="DIR", help="Folder of the models.")
@click.option("--dry-run", is_flag=True, help="Say what would be read again; write nothing.")
def retry(
    rejected_ids: tuple[str, ...],
    workspace: str | None,
    corrected: Path | None,
    business_date: date | None,
    workers: int | None,
    models: str | None,
    **given: Any,
) -> None:
    """Read again the files of which pieces were rejected.

    For after a new version of the program or a corrected file. A file is read again as a whole
    in a new run, which stands for it from then on: no message stands twice. Side files are
    those of the scan, at their old place where they are not given.

    \b
    Examples:
      scanner rejected retry -w workspace --dry-run
      scanner rejected retry 1f0c2a9e --corrected fixed/day.fin
    """
    from scanner.cli.scan_command import tell_summary
    from scanner.pipeline.plan import ScanRequest
    from scanner.pipeline.retry import find_retries
    from scanner.pipeline.retry import retry as read_again
    from scanner.pipeline.workspace import Workspace

    settings = settings_from(workspace=workspace, workers=workers, models=models)
    found, manifests = find_retries(Workspace(Path(settings.workspace)), rejected_ids, corrected)
    for name in found.missing:
        note(f"left as it is, no file to read: {name}")
    began = datetime.now(tz=UTC)
    line = ProgressLine()
    try:
        summary = read_again(
            found,
            manifests,
            ScanRequest((), **given),
            settings,
            today=business_date or began.date(),
            progress=line,
        )
    finally:
        line.end()
    tell_summary(summary)
    if summary.dry_run:
        note(f"{found.rejected} rejected pieces would be read again")
    else:
        note(f"{found.rejected} pieces were rejected before, {summary.rejected} are now")
