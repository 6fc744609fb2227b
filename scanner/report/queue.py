"""The work queue: alerts of the snapshot with the acts that came after it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from scanner.errors import UsageError
from scanner.report.decisions import Wanted, decide, standing
from scanner.report.explanation import explain
from scanner.warehouse.decision_log import append_act, read_log
from scanner.warehouse.readonly import Snapshot


def queue(
    snapshot: Snapshot,
    decisions: Path,
    *,
    status: str | None = None,
    band: str | None = None,
    bic: str | None = None,
    assigned_to: str | None = None,
) -> list[dict[str, Any]]:
    """Alerts as they stand now, worst first.

    Args:
        snapshot: The published database.
        decisions: Folder of the log of decisions.
        status: Only alerts of this status; `undecided` = neither confirmed nor cleared.
        band: Only alerts of this band.
        bic: Only alerts on payments in which this bank takes part.
        assigned_to: Only alerts that this person works on.
    """
    snapshot.require_current()
    acts = _by_alert(read_log(decisions))
    rows = [_with_state(row, acts) for row in snapshot.records("FROM alert_list()")]
    if bic:
        of_bank = {r["alert_id"] for r in snapshot.records("FROM alerts_for($b)", {"b": bic})}
        rows = [row for row in rows if row["alert_id"] in of_bank]
    return [
        row
        for row in rows
        if (band is None or row["band"] == band)
        and (assigned_to is None or row["assigned_to"] == assigned_to)
        and _has_status(row, status)
    ]


def _by_alert(acts: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for act in acts:
        found.setdefault(act["alert_id"], []).append(act)
    return found


def _with_state(row: Mapping[str, Any], acts: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    state = standing(row, acts.get(row["alert_id"], ()))
    if state is None:
        return dict(row)
    return dict(row) | {"status": state.status, "assigned_to": state.assigned_to}


def _has_status(row: Mapping[str, Any], status: str | None) -> bool:
    if status == "undecided":
        return row["status"] not in ("confirmed", "cleared")
    return status is None or row["status"] == status


def dated_acts(decisions: Path) -> list[dict[str, Any]]:
    """Every act of the log, oldest first, its time as a date and time."""
    return [
        act | {"decided_at_utc": datetime.fromisoformat(act["decided_at_utc"])}
        for act in read_log(decisions)
    ]


def act_on(
    snapshot: Snapshot,
    decisions: Path,
    key: str,
    wanted: Wanted,
    *,
    seen_evidence_sha256: str | None = None,
) -> dict[str, Any]:
    """Act on the alert that a key names, and log it.

    Args:
        snapshot: The published database.
        decisions: Folder of the log of decisions.
        key: An alert_id, reference, transaction_id or UETR.
        wanted: The act.
        seen_evidence_sha256: Evidence that the person was shown; an act on other
            evidence than the present one is refused.

    Raises:
        UsageError: There is no such alert, or the act is not allowed now.
    """
    explained = explain(snapshot, key)
    if explained.alert is None:
        raise UsageError("the payment has no alert, so there is nothing to decide", where=key)
    evidence = explained.evidence_sha256()
    if seen_evidence_sha256 is not None and seen_evidence_sha256 != evidence:
        raise UsageError(
            "the evidence has changed since it was shown",
            where=str(explained.alert["alert_id"]),
            hint="read it again, then decide",
        )
    alert = explained.alert
    run_id = explained.score["run_id"] if explained.score else None
    items = snapshot.records("FROM evidence_items(wanted_alert := $a)", {"a": alert["alert_id"]})
    return append_act(
        decisions,
        lambda acts: decide(
            alert,
            acts,
            wanted,
            evidence_sha256=evidence,
            seen=[item["item"] for item in items],
            snapshot_run_id=run_id,
        ),
    )


LABEL_COLUMNS = (
    "transaction_id",
    "reference",
    "uetr",
    "label",
    "decided_by",
    "decided_at_utc",
    "reason",
    "evidence_sha256",
)


def labels(snapshot: Snapshot, acts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Decided alerts as labels for training: the last word on each alert.

    Args:
        snapshot: The published database, for references and UETRs.
        acts: The log of decisions.

    Returns:
        Rows with LABEL_COLUMNS, by transaction; label is 1 for confirmed, 0 for cleared.
    """
    alerts = {row["transaction_id"]: row for row in snapshot.records("FROM alert_list()")}
    final = {act["transaction_id"]: act for act in acts if act["action"] != "comment"}
    return [
        {
            "transaction_id": transaction_id,
            "reference": alerts.get(transaction_id, {}).get("reference"),
            "uetr": alerts.get(transaction_id, {}).get("uetr"),
            "label": int(act["status"] == "confirmed"),
            "decided_by": act["decided_by"],
            "decided_at_utc": act["decided_at_utc"],
            "reason": act["reason"],
            "evidence_sha256": act["evidence_sha256"],
        }
        for transaction_id, act in sorted(final.items())
        if act["status"] in ("confirmed", "cleared")
    ]
