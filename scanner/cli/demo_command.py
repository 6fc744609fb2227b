"""`scanner demo`: the main job on the sample data, then what to try next."""

from pathlib import Path

import click

from scanner.cli.diagnostics import ProgressLine


@click.command("demo")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Workspace folder of the demo.",
)
def command(into: Path) -> None:
    """Run the main job on invented lists and payments; print what it found and what to try next.

    \b
    Examples:
      scanner demo
      scanner demo --into build/demo
    """
    from scanner.pipeline.demo import run_demo, sample_settings

    line = ProgressLine()
    try:
        summary = run_demo(into, sample_settings(into), progress=line)
    finally:
        line.end()
    bands = ", ".join(f"{count} {band}" for band, count in summary.bands.items() if band != "clear")
    click.echo(f"payments read   {summary.transactions} in {summary.messages} messages")
    click.echo(f"rejected        {summary.rejected}")
    click.echo(f"alerts          {summary.alerts} ({bands})")
    click.echo(f"report          {summary.report}")
    click.echo(f"database        {summary.snapshot}")
    click.echo("\ntry next:")
    query = "select reference, score, band from scores order by score desc limit 10"
    click.echo(f'  scanner sql "{query}" -w {into}')
    click.echo(f"  scanner explain {_worst_reference(summary.snapshot)} -w {into}")
    click.echo(f"  scanner report -o report.html -w {into}")


def _worst_reference(snapshot: Path | None) -> str:
    from scanner.warehouse.readonly import Snapshot

    assert snapshot is not None
    with Snapshot.open(snapshot) as opened:
        found = opened.rows(
            "SELECT reference FROM alerts WHERE reference IS NOT NULL"
            " ORDER BY obligation DESC, score DESC, alert_id LIMIT 1"
        )
    return str(found[0][0]) if found else "REFERENCE"
