"""The work queue: alerts of the snapshot with the acts that came after it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scanner.errors import UsageError
from scanner.report.decisions import Wanted, decide, standing
from scanner.report.explanation import explain
from scanner.warehouse.decision_log import append_act, read_log
from scanner.warehouse.readonly import Snapshot

MOST_SHOWN = 20_000
"""Alerts of a queue that are looked at unless less is asked for; more are no person's work."""


@dataclass(frozen=True)
class Queue:
    """Alerts as they stand now, worst first.

    Attributes:
        rows: The worst of them.
        total: How many there are.
    """

    rows: list[dict[str, Any]]
    total: int


def queue(
    snapshot: Snapshot,
    decisions: Path,
    *,
    status: str | None = None,
    band: str | None = None,
    bic: str | None = None,
    assigned_to: str | None = None,
    most: int = MOST_SHOWN,
) -> Queue:
    """Alerts as they stand now, worst first.

    Args:
        snapshot: The published database.
        decisions: Folder of the log of decisions.
        status: Only alerts of this status; `undecided` = neither confirmed nor cleared.
        band: Only alerts of this band.
        bic: Only alerts on payments in which this bank takes part.
        assigned_to: Only alerts that this person works on.
        most: Most rows.
    """
    snapshot.require_current()
    acts = _by_alert(read_log(decisions))
    of_alert = {"wanted_band": band, "wanted_bic": bic}
    # Where an alert stands that was acted on may have changed since the snapshot was made.
    acted = [
        _with_state(row, acts) for row in _listed(snapshot, **of_alert, wanted_alerts=sorted(acts))
    ]
    standing_so = [
        row
        for row in acted
        if (assigned_to is None or row["assigned_to"] == assigned_to) and _has_status(row, status)
    ]
    wanted = of_alert | {"wanted_status": status, "wanted_person": assigned_to}
    untouched = [
        row
        for row in _listed(snapshot, **wanted, most=most + len(acted))
        if row["alert_id"] not in acts
    ]
    total = snapshot.rows(
        f"SELECT count(*) FROM alert_list({_named(wanted)})"  # noqa: S608 - names above
        " WHERE alert_id NOT IN (SELECT unnest($acted))",
        wanted | {"acted": sorted(acts)},
    )[0][0]
    rows = sorted([*standing_so, *untouched], key=_urgency)[:most]
    return Queue(rows, int(total) + len(standing_so))


def _listed(snapshot: Snapshot, **wanted: Any) -> list[dict[str, Any]]:
    return snapshot.records(f"FROM alert_list({_named(wanted)})", wanted)


def _named(wanted: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} := ${name}" for name in wanted)


def _urgency(row: Mapping[str, Any]) -> tuple[bool, float, float, str]:
    """As `alert_list` puts alerts in order."""
    score, margin = (math.inf if row[name] is None else -row[name] for name in ("score", "margin"))
    return not row["obligation"], score, margin, row["alert_id"]


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
    decided = sorted({act["transaction_id"] for act in acts})
    alerts = {
        row["transaction_id"]: row
        for row in snapshot.records(
            "SELECT transaction_id, reference, uetr FROM alerts"
            " WHERE transaction_id IN (SELECT unnest($decided))",
            {"decided": decided},
        )
    }
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
