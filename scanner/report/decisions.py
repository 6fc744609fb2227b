"""What a person may do with an alert, and what becomes of it.

Pure: the acts so far and a wanted act go in, the act as it will be logged comes
out. An obligation is cleared only by two people: one proposes, another approves.

```
open ── assign ──► assigned ── confirm ──► confirmed
  └──────┬───────────┤                        │
         │         clear ──► cleared ── reopen┴──► open
         │           └ (obligation) ──► awaiting_second ── approve (another person) ──► cleared
         └───────────────◄── refuse (another person) ──┘
```
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scanner.errors import UsageError

ACTIONS = ("assign", "comment", "confirm", "clear", "approve", "refuse", "reopen")
_DECIDED = ("confirmed", "cleared")
_NEEDS_REASON = frozenset({"comment", "confirm", "clear", "refuse", "reopen"})
_WORDS_MAX = 10_000
_NAME_MAX = 200


@dataclass(frozen=True)
class AlertState:
    """Where an alert stands after its acts so far.

    Attributes:
        status: open, assigned, awaiting_second, confirmed or cleared.
        assigned_to: Who works on it.
        proposed_by: Who proposed to clear it, while a second person is awaited.
        decided_by: Who acted last.
    """

    status: str = "open"
    assigned_to: str | None = None
    proposed_by: str | None = None
    decided_by: str | None = None


@dataclass(frozen=True)
class Wanted:
    """An act that a person asks for.

    Attributes:
        action: One of ACTIONS.
        by: Who acts.
        at_utc: When, ISO 8601 without zone.
        reason: Why, in the person's words.
        assign_to: For `assign`: who shall work on it.
    """

    action: str
    by: str
    at_utc: str
    reason: str = ""
    assign_to: str = ""


def states(acts: Sequence[Mapping[str, Any]]) -> dict[str, AlertState]:
    """Fold the log: where each alert of the log stands."""
    found: dict[str, AlertState] = {}
    for act in acts:
        found[act["alert_id"]] = AlertState(
            status=act["status"],
            assigned_to=act.get("assigned_to"),
            proposed_by=act.get("proposed_by"),
            decided_by=act["decided_by"],
        )
    return found


def standing(alert: Mapping[str, Any], acts: Sequence[Mapping[str, Any]]) -> AlertState | None:
    """Where an alert stands after its acts and the evidence that came after them.

    Args:
        alert: Row of `alerts`; `reopened_because` names what no published act had seen.
        acts: The log so far, also acts that are not published yet.

    Returns:
        The state; None if nobody has acted on the alert.
    """
    own = [act for act in acts if act["alert_id"] == alert["alert_id"]]
    if not own:
        return None
    state = states(own)[str(alert["alert_id"])]
    seen = {item for act in own for item in act.get("seen") or ()}
    fresh = set(alert.get("reopened_because") or ()) - seen
    if fresh and state.status in ("cleared", "awaiting_second"):
        return AlertState("assigned" if state.assigned_to else "open", state.assigned_to)
    return state


def decide(
    alert: Mapping[str, Any],
    acts: Sequence[Mapping[str, Any]],
    wanted: Wanted,
    *,
    evidence_sha256: str | None = None,
    seen: Sequence[str] = (),
    snapshot_run_id: str | None = None,
) -> dict[str, Any]:
    """Judge whether an act is allowed now, and say what it does.

    Args:
        alert: Row of `alerts`; `alert_id`, `transaction_id` and `obligation` are read.
        acts: The log so far.
        wanted: The act.
        evidence_sha256: Hash of the evidence that the person saw.
        seen: Items of the evidence, as `evidence_items` names them.
        snapshot_run_id: Newest run in the snapshot that the person saw.

    Returns:
        The act to append to the log.

    Raises:
        UsageError: The act is not allowed in the alert's state, or lacks who or why.
    """
    alert_id = str(alert["alert_id"])
    before = standing(alert, acts) or AlertState()
    _check_words(wanted, alert_id)
    after = _after(before, wanted, is_obligation=bool(alert["obligation"]), where=alert_id)
    return {
        "alert_id": alert_id,
        "transaction_id": alert["transaction_id"],
        "action": wanted.action,
        "status": after.status,
        "assigned_to": after.assigned_to,
        "proposed_by": after.proposed_by,
        "decided_by": wanted.by.strip(),
        "decided_at_utc": wanted.at_utc,
        "reason": wanted.reason.strip() or None,
        "evidence_sha256": evidence_sha256,
        "seen": sorted(seen),
        "snapshot_run_id": snapshot_run_id,
    }


def _check_words(wanted: Wanted, alert_id: str) -> None:
    if wanted.action not in ACTIONS:
        raise UsageError(
            f"unknown act {wanted.action!r}", where=alert_id, hint=f"known: {', '.join(ACTIONS)}"
        )
    if not wanted.by.strip() or len(wanted.by) > _NAME_MAX:
        raise UsageError("say who acts", where=alert_id, hint="give --by NAME")
    if wanted.action in _NEEDS_REASON and not wanted.reason.strip():
        raise UsageError("an act needs its reason", where=alert_id, hint='give --reason "..."')
    if len(wanted.reason) > _WORDS_MAX:
        raise UsageError(f"the reason is longer than {_WORDS_MAX} characters", where=alert_id)
    if wanted.action == "assign" and not 0 < len(wanted.assign_to.strip()) <= _NAME_MAX:
        raise UsageError("say who shall work on it", where=alert_id, hint="give --to NAME")


def _after(before: AlertState, wanted: Wanted, *, is_obligation: bool, where: str) -> AlertState:
    who, to = wanted.by.strip(), before.assigned_to
    match wanted.action, before.status:
        case "comment", _:
            return AlertState(before.status, to, before.proposed_by, who)
        case "assign", ("open" | "assigned" | "awaiting_second"):
            status = "assigned" if before.status == "open" else before.status
            return AlertState(status, wanted.assign_to.strip(), before.proposed_by, who)
        case "confirm", ("open" | "assigned" | "awaiting_second"):
            return AlertState("confirmed", to, None, who)
        case "clear", ("open" | "assigned"):
            if is_obligation:
                return AlertState("awaiting_second", to, who, who)
            return AlertState("cleared", to, None, who)
        case (("approve" | "refuse"), "awaiting_second"):
            _require_another(before, who, where)
            back = "assigned" if to else "open"
            return AlertState("cleared" if wanted.action == "approve" else back, to, None, who)
        case "reopen", status if status in _DECIDED:
            return AlertState("assigned" if to else "open", to, None, who)
    raise UsageError(
        f"the alert is {before.status.replace('_', ' ')}: {wanted.action} is not possible now",
        where=where,
        hint="see its acts with `scanner alerts show`",
    )


def _require_another(before: AlertState, who: str, where: str) -> None:
    if before.proposed_by and _same_person(before.proposed_by, who):
        raise UsageError(
            "a second person must approve or refuse",
            where=f"{where}: proposed by {before.proposed_by}",
            hint="clearing an obligation takes two people",
        )


def _same_person(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
