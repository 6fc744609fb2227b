"""`scanner report`: self-contained HTML reports."""

from pathlib import Path

import click

from scanner.cli.diagnostics import note
from scanner.cli.options import workspace_option

_KINDS = ("summary",)


@click.command("report")
@workspace_option
@click.option("--kind", type=click.Choice(_KINDS), default="summary", show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="HTML file to write, whole or not at all.",
)
def command(*, workspace: str | None, kind: str, output: Path) -> None:
    """Write one HTML file that needs no other file and no network.

    \b
    Examples:
      scanner report -o report.html -w workspace
      scanner report --kind summary -o summary.html
    """
    from scanner.cli.output import whole_file
    from scanner.cli.sql_command import open_snapshot
    from scanner.report import render

    with open_snapshot(workspace) as snapshot:
        html = render(kind, snapshot)
    with whole_file(output) as file:
        file.write(html.encode())
    note(f"wrote {output}")
