"""The alert report: one payment with all its evidence, to print or to send."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scanner.report.decisions import standing
from scanner.report.document import Evidence, Report, Section
from scanner.report.explanation import Explanation, explain
from scanner.report.summary import foot, overview
from scanner.warehouse.readonly import Snapshot


def alert(snapshot: Snapshot, key: str, acts: Sequence[dict[str, Any]] = ()) -> Report:
    """Build the report of one payment.

    Args:
        snapshot: The published database.
        key: As in `explain`.
        acts: Acts of the log of decisions, oldest first; it may be newer than the snapshot.

    Raises:
        UsageError: No transaction bears the key.
    """
    explained = with_acts(explain(snapshot, key), acts)
    row = explained.alert or explained.transaction
    name = row.get("alert_id") or row["transaction_id"]
    return Report(
        kind="alert",
        title=f"Evidence on {name}",
        subtitle=str((explained.alert or {}).get("headline") or "no alert was raised"),
        sections=(Section("evidence", "Evidence", (Evidence(explained),)),),
        foot=(foot(overview(snapshot)),),
    )


def with_acts(explained: Explanation, acts: Sequence[dict[str, Any]]) -> Explanation:
    """Show the acts of the log, which may be newer than the snapshot."""
    alert_id = explained.alert["alert_id"] if explained.alert else None
    own = [act for act in acts if act["alert_id"] == alert_id]
    if explained.alert is None or not own:
        return explained
    state = standing(explained.alert, own)
    assert state is not None
    now = dict(explained.alert) | {"status": state.status, "assigned_to": state.assigned_to}
    return replace(explained, alert=now, decisions=tuple(own))
