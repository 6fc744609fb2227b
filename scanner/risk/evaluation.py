"""Judges a model: recall at an alert budget, per typology, beside the indicators alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]

BUDGETS = (0.001, 0.005, 0.01)


def average_precision(scores: Floats, labels: Integers) -> float:
    """Area under precision and recall; ties count as one step."""
    if not labels.sum():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(labels[order])
    last = np.flatnonzero(np.append(np.diff(ranked) != 0, True))
    precision = hits[last] / (last + 1)
    recall = hits[last] / labels.sum()
    return float(np.sum(np.diff(np.concatenate([[0.0], recall])) * precision))


def taken_at_budget(scores: Floats, budget: float) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows the best-scored share takes; ties are broken by position."""
    count = max(1, round(len(scores) * budget))
    taken = np.zeros(len(scores), dtype=np.bool_)
    taken[np.argsort(-scores, kind="stable")[:count]] = True
    return taken


def evaluate(
    scores: Floats, labels: Integers, typologies: Sequence[str], rivals: dict[str, Floats]
) -> dict[str, Any]:
    """Everything the card tells of a model on a set of rows.

    Args:
        scores: The model's scores or margins.
        labels: 1 where exposure is real.
        typologies: Typology of each row; look-alikes begin with N.
        rivals: Other scores at equal alerts, such as the indicators alone.
    """
    kinds = np.asarray(typologies)
    made: dict[str, Any] = {
        "rows": len(labels),
        "base_rate": float(labels.mean()),
        "average_precision": average_precision(scores, labels),
        "budgets": {},
    }
    for budget in BUDGETS:
        made["budgets"][str(budget)] = {
            "model": _at(scores, labels, budget),
            **{name: _at(rival, labels, budget) for name, rival in rivals.items()},
        }
    taken = taken_at_budget(scores, max(0.01, float(labels.mean())))
    guilty = labels == 1
    made["calibration"] = calibration_curve(scores, labels)
    made["recall_by_typology"] = {
        code: float(taken[guilty & (kinds == code)].mean())
        for code in sorted(set(kinds[guilty].tolist()))
    }
    ordinary = float(taken[(~guilty) & (kinds == "ordinary")].mean())
    alike = (~guilty) & (kinds != "ordinary")
    made["false_positive_rate"] = {
        "ordinary": ordinary,
        "look_alikes": float(taken[alike].mean()) if alike.any() else None,
        **{
            code: float(taken[alike & (kinds == code)].mean())
            for code in sorted(set(kinds[alike].tolist()))
        },
    }
    return made


def calibration_curve(margins: Floats, labels: Integers, parts: int = 10) -> list[dict[str, float]]:
    """Predicted and observed share of positives, in equal parts of the better-scored tenth.

    Args:
        margins: Calibrated log-odds.
        labels: 1 where exposure is real.
        parts: Points of the curve.
    """
    order = np.argsort(-margins, kind="stable")[: max(parts, len(margins) // 10)]
    predicted = 1 / (1 + np.exp(-margins[order]))
    return [
        {
            "predicted": float(predicted[part].mean()),
            "observed": float(labels[order][part].mean()),
            "rows": float(len(part)),
        }
        for part in np.array_split(np.arange(len(order)), parts)
    ]


def _at(scores: Floats, labels: Integers, budget: float) -> dict[str, float]:
    taken = taken_at_budget(scores, budget)
    return {
        "recall": float(labels[taken].sum() / max(1, labels.sum())),
        "precision": float(labels[taken].mean()),
        "most_possible_recall": float(min(1.0, taken.sum() / max(1, labels.sum()))),
    }
