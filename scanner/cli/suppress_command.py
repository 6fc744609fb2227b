"""`scanner alerts suppress`: make a good-guy rule of a cleared alert's hit."""

import csv
import io
from datetime import date
from pathlib import Path

import click

from scanner.cli.diagnostics import note
from scanner.cli.options import IsoDate, workspace_from, workspace_option


@click.command("suppress")
@click.argument("key", metavar="ALERT")
@click.option("--hit", "number", default="H1", show_default=True, help="Hit, as explain shows it.")
@click.option("--until", type=IsoDate(), required=True, help="Last day of the rule.")
@click.option("--reason", required=True, help="Why this party is not the listed one.")
@click.option("--by", metavar="NAME", help="Who owns it. [default: SCANNER_USER or the login name]")
@click.option(
    "--file",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV of the rules. [default: suppressions.csv in the workspace]",
)
@workspace_option
def suppress(
    *,
    key: str,
    number: str,
    until: date,
    reason: str,
    by: str | None,
    file: Path | None,
    workspace: str | None,
) -> None:
    """Add a rule that covers this name with this list entry from the next scan on.

    Only a cleared alert can give a rule. The rule ends on its day, and it no longer holds once the
    entry or the party's name changes. Give the file to the scan: scanner scan --suppressions FILE.

    \b
    Examples:
      scanner alerts suppress ALT-1f0c2a9e --until 2025-06-30 --reason "registered in Italy"
      scanner alerts suppress ALT-1f0c2a9e --hit H2 --until 2025-06-30 --reason "other tax number"
    """
    from scanner.cli.alerts_command import who_acts
    from scanner.cli.output import whole_file
    from scanner.cli.sql_command import open_snapshot
    from scanner.errors import UsageError
    from scanner.report import explain
    from scanner.report.alert import with_acts
    from scanner.report.queue import dated_acts
    from scanner.screening.suppressions import COLUMNS, entry_hash, read_suppressions

    place = workspace_from(workspace)
    target = file or place.root / "suppressions.csv"
    with open_snapshot(workspace) as snapshot:
        explained = with_acts(explain(snapshot, key), dated_acts(place.decisions))
    if explained.alert is None or explained.alert["status"] != "cleared":
        raise UsageError(
            "only a cleared alert can give a rule",
            where=key,
            hint="clear it first with `scanner alerts decide --clear`",
        )
    found = [hit for hit in explained.hits if hit.number == number]
    if not found or found[0].entry is None or found[0].row["match_kind"] != "name":
        raise UsageError(
            f"{number} is no hit by name on an entry of the present list",
            where=key,
            hint="see the hits with `scanner explain`",
        )
    hit = found[0]
    assert hit.entry is not None
    owner = by or who_acts()
    rule = {
        "name": " ".join(hit.row["matched_text"].split()),
        "entry_id": hit.row["entry_id"],
        "entry_hash": entry_hash(hit.entry),
        "owner": owner,
        "reason": " ".join(reason.split()),
        "valid_to": until.isoformat(),
    }
    kept = target.read_text(encoding="utf-8") if target.is_file() else ",".join(COLUMNS) + "\n"
    if target.is_file():
        read_suppressions(target)
    line = io.StringIO()
    csv.DictWriter(line, COLUMNS, lineterminator="\n").writerow(rule)
    separator = "" if kept.endswith("\n") else "\n"
    with whole_file(target) as out:
        out.write(f"{kept}{separator}{line.getvalue()}".encode())
    note(f"rule of {owner} until {until}: {rule['entry_id']}, in {target}")
