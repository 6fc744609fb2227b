"""Judges a model: recall at an alert budget, per typology, beside the indicators alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]

BUDGETS = (0.001, 0.005, 0.01)
_LEAST_BUDGET = 0.01


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


@dataclass(frozen=True)
class Rows:
    """Rows to judge scores on.

    Attributes:
        labels: 1 where exposure is real.
        typologies: Typology of each row; `ordinary` is neither guilty nor alike.
        rivals: Other scores at equal alerts, such as the indicators together.
        singles: The strength of each indicator alone, by code.
        schemes: Which rows belong to one scheme.
    """

    labels: Integers
    typologies: Sequence[str]
    rivals: Mapping[str, Floats] = field(default_factory=dict)
    singles: Mapping[str, Floats] = field(default_factory=dict)
    schemes: Sequence[str] = ()


def operating_budget(labels: Integers) -> float:
    """One percent of all payments, or as many as are guilty where that is more.

    At a smaller share than the base rate the best of all models cannot find everything.
    """
    return max(_LEAST_BUDGET, float(labels.mean()))


def evaluate(scores: Floats, rows: Rows) -> dict[str, Any]:
    """Everything that is told of a model on a set of rows.

    Args:
        scores: The model's calibrated margins.
        rows: What is known of them.

    Returns:
        Recall and precision at each budget beside the rivals and the best single
        indicator, average precision with the base rate, calibration, each typology
        with its number of payments, and false alerts by family.
    """
    labels = rows.labels
    budget = operating_budget(labels)
    others = {**rows.rivals, **_best_single(rows, budget)}
    curve = calibration_curve(scores, labels)
    shares = {**{str(share): share for share in BUDGETS}, "operating": budget}
    return {
        "rows": len(labels),
        "positives": int(labels.sum()),
        "base_rate": float(labels.mean()),
        "average_precision": average_precision(scores, labels),
        "operating_budget": budget,
        "budgets": {
            name_of_share: {
                "model": _at(scores, labels, share),
                **{name: _at(rival, labels, share) for name, rival in others.items()},
            }
            for name_of_share, share in shares.items()
        },
        "calibration": curve,
        "calibration_error": _calibration_error(curve),
        "typologies": _typologies(scores, rows, others, budget),
        "recall_by_typology": {
            code: found["recall"] for code, found in _typologies(scores, rows, {}, budget).items()
        },
        **_false_alerts(scores, rows, budget),
    }


def headline(scores: Floats, rows: Rows) -> dict[str, float]:
    """The few figures whose spread is told: at the operating budget, and average precision."""
    labels = rows.labels
    budget = operating_budget(labels)
    made = {f"model_{name}": value for name, value in _at(scores, labels, budget).items()}
    for name, rival in {**rows.rivals, **_best_single(rows, budget)}.items():
        made[f"{name}_recall"] = _at(rival, labels, budget)["recall"]
    return {
        "payments": float(len(labels)),
        "positives": float(labels.sum()),
        "base_rate": float(labels.mean()),
        "average_precision": average_precision(scores, labels) if labels.sum() else 0.0,
        **made,
    }


def _best_single(rows: Rows, budget: float) -> dict[str, Floats]:
    """The one indicator that finds most at the budget, chosen with the labels: its best case."""
    if not rows.singles:
        return {}
    found = {
        code: rows.labels[taken_at_budget(strength, budget)].sum()
        for code, strength in rows.singles.items()
    }
    best = max(sorted(found), key=lambda code: found[code])
    return {"best_single_indicator": rows.singles[best]}


def _typologies(
    scores: Floats, rows: Rows, others: Mapping[str, Floats], budget: float
) -> dict[str, dict[str, float]]:
    """Recall of each typology with its number, by payment and by scheme."""
    guilty = rows.labels == 1
    kinds = np.asarray(rows.typologies)
    schemes = np.asarray(rows.schemes)
    taken = taken_at_budget(scores, budget)
    by_others = {name: taken_at_budget(rival, budget) for name, rival in others.items()}
    made = {}
    for code in sorted(set(kinds[guilty].tolist())):
        of_it = guilty & (kinds == code)
        made[code] = {"payments": int(of_it.sum()), "recall": float(taken[of_it].mean())}
        if len(schemes):
            every = set(schemes[of_it].tolist())
            made[code]["schemes"] = len(every)
            made[code]["schemes_found"] = len(set(schemes[of_it & taken].tolist())) / len(every)
        for name, chosen in by_others.items():
            made[code][name] = float(chosen[of_it].mean())
    return made


def _false_alerts(scores: Floats, rows: Rows, budget: float) -> dict[str, Any]:
    """How often innocent payments alert: everyday ones, and look-alikes.

    Those are the families N1 to N6 and the twins of each typology.
    """
    innocent = rows.labels == 0
    kinds = np.asarray(rows.typologies)
    taken = taken_at_budget(scores, budget)
    everyday, alike = innocent & (kinds == "ordinary"), innocent & (kinds != "ordinary")
    ordinary = float(taken[everyday].mean()) if everyday.any() else 0.0
    rates = {"ordinary": ordinary}
    named = np.asarray([kind.startswith("N") for kind in kinds.tolist()], dtype=np.bool_)
    families = {"look_alikes": alike, "families": alike & named, "twins": alike & ~named} | {
        code: alike & (kinds == code) for code in sorted(set(kinds[alike].tolist()))
    }
    ratios: dict[str, dict[str, float | None]] = {}
    for code, of_it in families.items():
        if not of_it.any():
            continue
        rates[code] = float(taken[of_it].mean())
        ratios[code] = {
            "payments": int(of_it.sum()),
            "false_alerts": int(taken[of_it].sum()),
            "times_ordinary": rates[code] / ordinary if ordinary else None,
        }
    return {"false_positive_rate": rates, "look_alikes": ratios}


def _calibration_error(curve: Sequence[Mapping[str, float]]) -> float:
    """Mean distance of predicted and observed shares over the better-scored tenth."""
    rows = sum(point["rows"] for point in curve)
    return float(
        sum(point["rows"] * abs(point["predicted"] - point["observed"]) for point in curve) / rows
    )


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
