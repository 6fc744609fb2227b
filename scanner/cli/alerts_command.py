"""`scanner alerts`: work the queue of alerts from the terminal."""

import getpass
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.diagnostics import note
from scanner.cli.options import settings_from, workspace_from, workspace_option
from scanner.cli.output import form_option, write_table
from scanner.cli.sql_command import age_of, open_snapshot
from scanner.cli.suppress_command import suppress

if TYPE_CHECKING:
    import pyarrow as pa

_STATUSES = ("undecided", "open", "assigned", "awaiting_second", "confirmed", "cleared")
_SHOWN = (
    "alert_id",
    "reference",
    "value_date",
    "band",
    "score",
    "obligation",
    "amount_usd",
    "corridor",
    "headline",
    "status",
    "assigned_to",
)


@click.group("alerts")
def command() -> None:
    """List, show, assign, decide and export alerts.

    \b
    Examples:
      scanner alerts list --status undecided -w workspace
      scanner alerts decide ALT-1f0c2a9e --clear --reason "another firm: registered in Italy"
    """


command.add_command(suppress)


@command.command("list")
@workspace_option
@click.option("--status", type=click.Choice(_STATUSES), help="Only alerts of this status.")
@click.option("--band", type=click.Choice(["review", "escalate", "cannot_score"]))
@click.option("--bic", help="Only payments in which this bank takes part.")
@click.option("--assigned-to", metavar="NAME", help="Only alerts of this person.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Most rows.")
@form_option
def list_alerts(
    *,
    workspace: str | None,
    status: str | None,
    band: str | None,
    bic: str | None,
    assigned_to: str | None,
    limit: int,
    form: str | None,
    output: Path | None,
) -> None:
    """List alerts as they stand now, worst first.

    \b
    Examples:
      scanner alerts list --status undecided
      scanner alerts list --bic CASPKZKA --format csv -o alerts.csv
    """
    from scanner.report.queue import queue

    with open_snapshot(workspace) as snapshot:
        found = queue(
            snapshot,
            workspace_from(workspace).decisions,
            status=status,
            band=band,
            bic=bic,
            assigned_to=assigned_to,
            most=limit,
        )
        age = age_of(snapshot)
    write_table(_table(found.rows, _SHOWN), form=form, output=output)
    note(f"{len(found.rows)} of {found.total} alerts; {age}")


@command.command("show")
@click.argument("key", metavar="ALERT")
@workspace_option
def show(*, key: str, workspace: str | None) -> None:
    """Show an alert with its evidence and every act on it.

    \b
    Examples:
      scanner alerts show ALT-1f0c2a9e
      scanner alerts show ALT-1f0c2a9e -w workspace
    """
    from scanner.report import explain
    from scanner.report.alert import with_acts
    from scanner.report.as_text import as_text
    from scanner.report.queue import dated_acts
    from scanner.visible import safe_line

    with open_snapshot(workspace) as snapshot:
        explained = explain(snapshot, key)
    explained = with_acts(explained, dated_acts(workspace_from(workspace).decisions))
    click.echo(as_text(explained, visible=safe_line), nl=False)


@command.command("assign")
@click.argument("key", metavar="ALERT")
@click.option("--to", "assign_to", required=True, metavar="NAME", help="Who shall work on it.")
@click.option("--by", metavar="NAME", help="Who acts. [default: SCANNER_USER or the login name]")
@workspace_option
def assign(*, key: str, assign_to: str, by: str | None, workspace: str | None) -> None:
    """Give an alert to a person.

    \b
    Examples:
      scanner alerts assign ALT-1f0c2a9e --to aylin
      scanner alerts assign ALT-1f0c2a9e --to aylin --by murat
    """
    _act(workspace, key, "assign", by, "", assign_to=assign_to)


@command.command("decide")
@click.argument("key", metavar="ALERT")
@click.option("--confirm", "action", flag_value="confirm", help="It is exposure.")
@click.option("--clear", "action", flag_value="clear", help="It is not; see --help on two people.")
@click.option("--approve", "action", flag_value="approve", help="Second person: agree to clear.")
@click.option("--refuse", "action", flag_value="refuse", help="Second person: do not agree.")
@click.option("--reopen", "action", flag_value="reopen", help="Take a decision back.")
@click.option("--comment", "action", flag_value="comment", help="Only add words.")
@click.option("--reason", default="", help="Why, in your words.")
@click.option("--by", metavar="NAME", help="Who acts. [default: SCANNER_USER or the login name]")
@workspace_option
def decide(
    *, key: str, action: str | None, reason: str, by: str | None, workspace: str | None
) -> None:
    """Decide on an alert; the act is logged with who, when and why, and never removed.

    An alert that a hard rule raised (an obligation) is cleared by two people: one clears it with
    a reason, another approves or refuses.

    \b
    Examples:
      scanner alerts decide ALT-1f0c2a9e --confirm --reason "same address, same tax number"
      scanner alerts decide ALT-1f0c2a9e --approve --by murat
    """
    from scanner.errors import UsageError

    if action is None:
        raise UsageError("say what to do", hint="give one of --confirm --clear --approve --refuse")
    _act(workspace, key, action, by, reason)


@command.command("export")
@workspace_option
@click.option("--labels", "as_labels", is_flag=True, help="Only decided alerts, as labels.")
@form_option
def export(
    *, workspace: str | None, as_labels: bool, form: str | None, output: Path | None
) -> None:
    """Export the log of decisions, or the decided alerts as labels for training.

    Labels have the columns that `scanner model train --labels` reads: reference, uetr and label
    (1 confirmed, 0 cleared); and who, when and why.

    \b
    Examples:
      scanner alerts export --format csv -o decisions.csv
      scanner alerts export --labels -o labels.csv
    """
    from scanner.report.queue import LABEL_COLUMNS, labels
    from scanner.warehouse.decision_log import as_table, read_log

    acts = read_log(workspace_from(workspace).decisions)
    if as_labels:
        with open_snapshot(workspace) as snapshot:
            table = _table(labels(snapshot, acts), LABEL_COLUMNS)
    else:
        table = as_table(acts)
    note(f"{write_table(table, form=form, output=output)} rows")


@command.command("pack")
@click.argument("key", metavar="ALERT")
@workspace_option
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Zip to write. [default: ALERT.zip]",
)
def pack(*, key: str, workspace: str | None, output: Path | None) -> None:
    """Write an evidence pack: raw messages, list rows, reasons, acts and hashes in one zip.

    Check it anywhere with `scanner verify-pack`.

    \b
    Examples:
      scanner alerts pack ALT-1f0c2a9e
      scanner alerts pack ALT-1f0c2a9e -o evidence.zip
    """
    from scanner.cli.output import to_json, whole_file
    from scanner.report import explain
    from scanner.report.packing import evidence_pack

    place = workspace_from(workspace)
    with open_snapshot(workspace) as snapshot:
        found = explain(snapshot, key)
        data = evidence_pack(
            snapshot, key, decisions=place.decisions, runs=place.runs, to_json=to_json
        )
    assert found.alert is not None
    target = output or Path(f"{found.alert['alert_id']}.zip")
    with whole_file(target) as file:
        file.write(data)
    note(f"wrote {target}; check it with `scanner verify-pack {target}`")


@command.command("publish")
@workspace_option
def publish(*, workspace: str | None) -> None:
    """Make the snapshot and the summary report anew, so that SQL sees the latest decisions.

    \b
    Examples:
      scanner alerts publish
      scanner alerts publish -w workspace
    """
    from scanner.pipeline.publish import publish as publish_again

    place = workspace_from(workspace)
    with place.locked():
        publish_again(place, settings_from(workspace=workspace), anew=True)
    note(f"published {place.snapshot}")


def _act(
    workspace: str | None,
    key: str,
    action: str,
    by: str | None,
    reason: str,
    *,
    assign_to: str = "",
) -> None:
    from scanner.report.decisions import Wanted
    from scanner.report.queue import act_on

    wanted = Wanted(action, by or who_acts(), now_utc(), reason, assign_to)
    with open_snapshot(workspace) as snapshot:
        act = act_on(snapshot, workspace_from(workspace).decisions, key, wanted)
    note(f"{act['alert_id']}: {act['action']} by {act['decided_by']}, now {act['status']}")
    if act["status"] == "awaiting_second":
        note("a second person must approve: scanner alerts decide ALERT --approve --by NAME")


def who_acts() -> str:
    """SCANNER_USER, else the login name."""
    return os.environ.get("SCANNER_USER") or getpass.getuser()


def now_utc() -> str:
    """The time of an act: UTC, to the second, without zone."""
    return datetime.now(tz=UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> "pa.Table":
    import pyarrow as pa

    return pa.table({name: pa.array([row[name] for row in rows]) for name in columns})
