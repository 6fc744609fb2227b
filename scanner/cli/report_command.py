"""`scanner report`: self-contained HTML reports with CSV and Parquet twins of their tables."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.diagnostics import note
from scanner.cli.options import settings_from, workspace_from, workspace_option

if TYPE_CHECKING:
    from scanner.report import Subject
    from scanner.report.document import Report

_KINDS = ("summary", "alert", "examiner", "bank", "model", "quality")


@click.command("report")
@workspace_option
@click.option("--kind", type=click.Choice(_KINDS), default="summary", show_default=True)
@click.option(
    "--key", metavar="KEY", help="Of alert: a reference or identifier. Of bank: a BIC, else all."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="HTML file to write, whole or not at all.",
)
@click.option(
    "--twins",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for every table of the report as CSV and Parquet.",
)
def command(
    *, workspace: str | None, kind: str, key: str | None, output: Path, twins: Path | None
) -> None:
    """Write one HTML file that needs no other file and no network.

    \b
    Examples:
      scanner report -o report.html -w workspace
      scanner report --kind alert --key ALT-1f0c2a9e -o alert.html
      scanner report --kind examiner -o examiner.html --twins examiner_tables/
    """
    from scanner.cli.output import whole_file
    from scanner.cli.sql_command import open_snapshot
    from scanner.report import build
    from scanner.report.page import to_html

    with open_snapshot(workspace) as snapshot:
        report = build(kind, snapshot, _subject(workspace, kind, key))
    with whole_file(output) as file:
        file.write(to_html(report).encode())
    note(f"wrote {output}")
    if twins is not None:
        note(f"wrote {_write_twins(report, twins)} tables to {twins}, as CSV and Parquet")


def _subject(workspace: str | None, kind: str, key: str | None) -> "Subject":
    from scanner.report import Subject
    from scanner.report.queue import dated_acts

    place = workspace_from(workspace)
    if kind == "alert":
        return Subject(key=key, acts=dated_acts(place.decisions))
    if kind == "model":
        from scanner.pipeline.models import champion_folder

        folder = champion_folder(settings_from(workspace=workspace), place) / "risk"
        version = _text(folder / "CHAMPION").strip()
        return Subject(
            card=_json(folder / version / "card.json"),
            evaluation=_json(folder / version / "evaluation.json"),
        )
    return Subject(key=key)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _json(path: Path) -> dict[str, Any] | None:
    from scanner.errors import IntegrityError

    text = _text(path)
    if not text:
        return None
    try:
        found = json.loads(text)
    except ValueError as error:
        raise IntegrityError("the model's card cannot be read", where=f"{path}: {error}") from error
    return found if isinstance(found, dict) else {"value": found}


def _write_twins(report: "Report", folder: Path) -> int:
    from scanner.cli.output import write_table
    from scanner.report.twins import as_table

    folder.mkdir(parents=True, exist_ok=True)
    grids = report.grids()
    for grid in grids:
        table = as_table(grid)
        write_table(table, form="csv", output=folder / f"{grid.name}.csv")
        write_table(table, form="parquet", output=folder / f"{grid.name}.parquet")
    return len(grids)
