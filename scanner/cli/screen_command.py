"""`scanner screen`: names against the active lists, one or a file full."""

from datetime import date
from pathlib import Path

import click

from scanner.cli.options import IsoDate, settings_from, workspace_option


@click.command("screen")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@workspace_option
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with a column `name`.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "jsonl", "parquet"]),
    help="Form of the result. [default: table on a terminal, else jsonl]",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.5, show_default=True)
@click.option("--limit", type=click.IntRange(1), default=5, show_default=True, help="Per name.")
@click.option("--as-of", type=IsoDate(), help="Screen with what was known on this date.")
@click.option(
    "--calibrate",
    is_flag=True,
    help="Take the names for innocents: show what each threshold alerts on and misses.",
)
def command(
    names: tuple[str, ...],
    workspace: str | None,
    file: Path | None,
    form: str | None,
    output: Path | None,
    min_score: float,
    limit: int,
    as_of: date | None,
    calibrate: bool,
) -> None:
    """Match names against the active lists and say why.

    \b
    Examples:
      scanner screen "OOO Radiotest" -w workspace
      scanner screen --file names.csv --format csv --min-score 0.0 -o found.csv
      scanner screen --file customers.csv --calibrate
    """
    from scanner.cli.output import write_table
    from scanner.errors import UsageError
    from scanner.pipeline import ad_hoc

    wanted = [*names, *(ad_hoc.names_in(file) if file else [])]
    if not wanted:
        raise UsageError(
            "no name was given", hint='write scanner screen "NAME" or --file NAMES.csv'
        )
    settings = settings_from(workspace=workspace)
    if calibrate:
        found = ad_hoc.calibrate(wanted, settings, as_of=as_of)
    else:
        found = ad_hoc.screen_names(wanted, settings, min_score=min_score, limit=limit, as_of=as_of)
    write_table(found, form=form, output=output)
