"""`scanner review`: a local page to work the queue of alerts."""

import click

from scanner.cli.alerts_command import now_utc, who_acts
from scanner.cli.diagnostics import note
from scanner.cli.options import workspace_from, workspace_option


@click.command("review")
@workspace_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port. [default: any free]")
@click.option("--by", metavar="NAME", help="Who acts. [default: SCANNER_USER or the login name]")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
def command(*, workspace: str | None, port: int, by: str | None, open_browser: bool) -> None:
    """Serve a page on this machine alone to read evidence and decide; Ctrl-C ends it.

    The address holds a secret of the session. Nothing is loaded from or sent to any network.

    \b
    Examples:
      scanner review -w workspace --open
      scanner review -w workspace --port 8150 --by aylin
    """
    from scanner.report.review_server import ReviewServer
    from scanner.warehouse.readonly import Snapshot

    place = workspace_from(workspace)
    Snapshot.open(place.snapshot).close()
    server = ReviewServer(
        place.snapshot, place.decisions, by=by or who_acts(), now_utc=now_utc, port=port
    )
    click.echo(server.address)
    note("open this address in a browser on this machine; Ctrl-C ends the session")
    if open_browser:
        click.launch(server.address)
    try:
        server.serve()
    except KeyboardInterrupt:
        note("session ended")
