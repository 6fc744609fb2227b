"""The drawings of a model's evaluation: recall at each alert budget, recall by typology.

Reads the evaluation as it lies beside the model; what it does not hold is not drawn.
"""

from collections.abc import Mapping
from typing import Any

from scanner.report.document import Column, Figure, Grid
from scanner.report.svg import shares_side_by_side

_SERIES_MAX = 8


def recall_at_budgets(evaluation: Mapping[str, Any]) -> Figure | None:
    """Recall of the model, of its rivals at equal alerts and of its challengers, by budget."""
    budgets = _mapping(evaluation.get("budgets"))
    names = sorted((name for name in budgets if _is_share(name)), key=float)
    if not names:
        return None
    series: dict[str, list[float | None]] = {}
    found = dict.fromkeys(rival for name in names for rival in _mapping(budgets[name]))
    for rival in sorted(found, key=lambda name: (name != "model", name)):
        series[str(rival)] = [_recall(_mapping(budgets[name]).get(rival)) for name in names]
    for challenger, judged in _mapping(evaluation.get("challengers")).items():
        of_it = _mapping(_mapping(judged).get("budgets"))
        series[f"challenger {challenger}"] = [
            _recall(_mapping(of_it.get(name)).get("model")) for name in names
        ]
    known = {name: v for name, v in series.items() if any(x is not None for x in v)}
    series = dict(list(known.items())[:_SERIES_MAX])
    if not series:
        return None
    most = [
        _number(_mapping(_mapping(budgets[name]).get("model")).get("most_possible_recall"))
        for name in names
    ]
    groups = [f"{float(name):.2%} alert" for name in names]
    rows = [
        {"budget": group, "series": title, "recall": values[place], "most": most[place]}
        for place, group in enumerate(groups)
        for title, values in series.items()
    ]
    grid = Grid.of(
        "recall_at_budgets",
        "Recall at equal alerts",
        (
            Column("budget", "Share of payments that alerts"),
            Column("series", "Ranked by"),
            Column("recall", "Recall", "score"),
            Column("most", "Most possible", "score"),
        ),
        rows,
    )
    drawing = shares_side_by_side(
        groups, series, title="Recall at each alert budget, at equal alerts", most=most
    )
    words = (
        "Share of exposed payments among those that alert, when so many payments may alert. The "
        "line over a group is the most that any ranking can reach with so few alerts."
    )
    return Figure(drawing, words, grid)


def recall_by_typology(evaluation: Mapping[str, Any]) -> Figure | None:
    """Recall of each typology, beside the challengers' where they were judged."""
    by_model = _mapping(evaluation.get("recall_by_typology"))
    codes = [str(code) for code in by_model if _recall(by_model[code]) is not None]
    if not codes:
        return None
    series = {"model": [_recall(by_model[code]) for code in codes]}
    for challenger, judged in _mapping(evaluation.get("challengers")).items():
        of_it = _mapping(_mapping(judged).get("recall_by_typology"))
        if of_it and len(series) < _SERIES_MAX:
            series[f"challenger {challenger}"] = [_recall(of_it.get(code)) for code in codes]
    rows = [
        {"typology": code, "series": name, "recall": values[place]}
        for place, code in enumerate(codes)
        for name, values in series.items()
    ]
    grid = Grid.of(
        "recall_by_typology",
        "Recall by typology",
        (
            Column("typology", "Typology", "code"),
            Column("series", "Ranked by"),
            Column("recall", "Recall", "score"),
        ),
        rows,
    )
    drawing = shares_side_by_side(codes, series, title="Recall by typology")
    return Figure(drawing, "A typology that stands low is one the model does not find.", grid)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _recall(value: Any) -> float | None:
    """A recall told as a number, or beside other measures."""
    return _number(value.get("recall")) if isinstance(value, Mapping) else _number(value)


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and value == value else None  # noqa: PLR0124 - not NaN


def _is_share(name: str) -> bool:
    try:
        return 0 < float(name) <= 1
    except (TypeError, ValueError):
        return False
