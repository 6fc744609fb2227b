"""Gathers what an evidence pack holds from the snapshot, the sources and the workspace."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scanner.report.alert import alert as alert_report
from scanner.report.alert import with_acts
from scanner.report.explanation import explain
from scanner.report.pack import make_pack
from scanner.report.page import to_html
from scanner.report.queue import dated_acts
from scanner.report.raw_message import raw_message
from scanner.schema import TABLES
from scanner.warehouse.decision_log import read_log
from scanner.warehouse.readonly import Snapshot

_LIST_TABLES = ("list_entries", "list_names", "list_identifiers", "list_addresses")


def evidence_pack(
    snapshot: Snapshot,
    key: str,
    *,
    decisions: Path,
    runs: Path,
    to_json: Callable[[Any], str],
) -> bytes:
    """Make the evidence pack of one alert.

    Args:
        snapshot: The published database.
        key: An alert_id, or what names its payment.
        decisions: Folder of the log of decisions.
        runs: Folder of the finished runs.
        to_json: Writes plain values as JSON text.

    Returns:
        A zip file.

    Raises:
        UsageError: There is no such payment, or it has no alert.
    """
    explained = with_acts(explain(snapshot, key), dated_acts(decisions))
    alert_id = explained.alert["alert_id"] if explained.alert else None
    acts = [act for act in read_log(decisions) if act["alert_id"] == alert_id]
    entries = sorted({hit.row["entry_id"] for hit in explained.hits})
    lists: dict[str, list[Any]] = {
        name: [row for e in entries for row in snapshot.matching(TABLES[name], entry_id=e)]
        for name in _LIST_TABLES
    }
    lists["list_versions"] = [
        dict(row)
        for row in snapshot.matching(TABLES["list_versions"])
        if any(
            (hit.row["list"], hit.row["list_version"]) == (row["list"], row["version"])
            for hit in explained.hits
        )
    ]
    messages = {}
    for linked in explained.linked:
        [row] = snapshot.matching(TABLES["transactions"], transaction_id=linked["transaction_id"])
        for message in snapshot.matching(TABLES["messages"], message_id=row["message_id"]):
            messages[message["message_id"]] = message
    return make_pack(
        explained,
        evidence_json=to_json(asdict(explained)),
        page=to_html(alert_report(snapshot, key, dated_acts(decisions))),
        raw=[raw_message(message) for _, message in sorted(messages.items())],
        lists=lists,
        lists_json=to_json(lists),
        decisions_json=to_json(acts),
        run_manifest=_manifest(runs, explained.score["run_id"] if explained.score else ""),
    )


def _manifest(runs: Path, run_id: str) -> str | None:
    path = runs / Path(run_id).name / "manifest.json"
    return path.read_text(encoding="utf-8") if run_id and path.is_file() else None
