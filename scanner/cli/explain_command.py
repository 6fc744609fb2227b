"""`scanner explain`: one payment with all its evidence."""

import click

from scanner.cli.options import workspace_option


@click.command("explain")
@click.argument("key", metavar="REFERENCE_OR_ID")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(*, key: str, workspace: str | None, as_json: bool) -> None:
    """Show one payment: its fields with the matched text marked, hits, reasons, linked messages.

    REFERENCE_OR_ID is a reference, transaction_id, alert_id, payment_id, UETR, end-to-end or
    instruction identifier.

    \b
    Examples:
      scanner explain ALT-1f0c2a9e -w workspace
      scanner explain 5a1b2c3d-0000-4000-8000-00000000a001 --json
    """
    from dataclasses import asdict

    from scanner.cli.output import to_json
    from scanner.cli.sql_command import open_snapshot
    from scanner.report import explain
    from scanner.report.as_text import as_text
    from scanner.visible import safe_line

    with open_snapshot(workspace) as snapshot:
        explanation = explain(snapshot, key)
    if as_json:
        click.echo(to_json(asdict(explanation)))
    else:
        click.echo(as_text(explanation, visible=safe_line), nl=False)
