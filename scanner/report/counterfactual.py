"""What a score would be without a reason, and what would have to change for no alert.

The model is a sum of steps, so both are exact: a reason's contribution is taken off the
log-odds, or a feature is moved to another step of it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scanner.warehouse.readonly import Snapshot

Row = Mapping[str, Any]

_REASONS_MAX = 3
_CHANGES_MAX = 4


def counterfactual(
    snapshot: Snapshot, score: Row | None, reasons: Iterable[Row]
) -> tuple[str, ...]:
    """Say it in sentences, for a person who asks why and what if.

    Args:
        snapshot: The published database.
        score: Row of `scores`; None = not scored.
        reasons: Its reasons, strongest first.
    """
    if score is None or score["margin"] is None:
        return ()
    words = []
    if score["obligation"]:
        codes = ", ".join(score["obligation_codes"] or ())
        words.append(f"whatever the model says, the payment stays an alert: {codes}")
    raising = [r for r in reasons if (r["contribution"] or 0) > 0]
    for reason in raising[:_REASONS_MAX]:
        then = _sigmoid(score["margin"] - reason["contribution"])
        words.append(
            f"without {reason['code']} the model's score would be {then:.2f} "
            f"instead of {score['model_score']:.2f}"
        )
    changes = snapshot.records("FROM would_have_to_change($key)", {"key": score["transaction_id"]})
    line = snapshot.records(
        "SELECT review_at FROM models WHERE model_version = $v", {"v": score["model_version"]}
    )
    if changes and line:
        words += ways_out(changes, score["margin"], line[0]["review_at"])
    return tuple(words)


def ways_out(changes: Sequence[Row], margin: float, review_at: float) -> list[str]:
    """Say which changes bring a score under the line, alone or together.

    Args:
        changes: Rows of `would_have_to_change`.
        margin: The payment's log-odds.
        review_at: Least score that alerts.
    """
    under = "the model's score would fall under the line of review"
    enough = [change for change in changes if change["is_enough"]]
    if enough:
        return [f"{under} if {_change(change)}" for change in enough[:_CHANGES_MAX]]
    # No single one is enough: take those that help most, until together they are.
    left, taken = margin, []
    for change in sorted(changes, key=lambda c: (c["then_margin"], c["feature"])):
        taken.append(change)
        left += change["then_contribution"] - change["contribution"]
        if _sigmoid(left) < review_at:
            return [f"{under} only if together " + " and ".join(map(_change, taken))]
    return [f"no change of what raises it would bring the score under the line {review_at:.2f}"]


def _change(change: Row) -> str:
    meaning = str(change["meaning"])
    if change["value_type"] == "flag":
        now = bool(change["value"])
        return f'"{meaning}" were {"no" if now else "yes"} instead of {"yes" if now else "no"}'
    lower = change["then_up_to"] is not None and change["then_up_to"] < change["value"]
    then = f"at most {change['then_up_to']:.4g}" if lower else f"above {change['then_above']:.4g}"
    return f'"{meaning}" were {then} instead of {change["value"]:.4g}'


def _sigmoid(margin: float) -> float:
    if margin >= 0:
        return 1 / (1 + math.exp(-margin))
    return math.exp(margin) / (1 + math.exp(margin))
