"""The model report: the card of the model, its calibration and recall, and what it did here."""

from collections.abc import Mapping, Sequence
from typing import Any

from scanner.report.document import Block, Column, Figure, Grid, Note, Report, Section, shown
from scanner.report.evaluation_plots import recall_at_budgets, recall_by_typology
from scanner.report.summary import foot, overview, subtitle
from scanner.report.svg import calibration
from scanner.warehouse.readonly import Snapshot

_VALUE = (Column("name", "What"), Column("value", "Value"))
_DEPTH_MAX = 6


def model(
    snapshot: Snapshot,
    card: Mapping[str, Any] | None = None,
    evaluation: Mapping[str, Any] | None = None,
) -> Report:
    """Build the report on the model.

    Args:
        snapshot: The published database.
        card: The model's card, as stored beside it.
        evaluation: The model's evaluation, as stored beside it.
    """
    sections = [Section("here", "What it did here", _here(snapshot))]
    if evaluation:
        sections.append(Section("evaluation", "Evaluation", _evaluation(evaluation)))
    else:
        note = Note("No evaluation lies beside the model: its quality is not known.", True)
        sections.append(Section("evaluation", "Evaluation", (note,)))
    if card:
        sections.append(Section("card", "Model card", (_facts("card", "Card", card),)))
    else:
        sections.append(Section("card", "Model card", (Note("No card was given.", True),)))
    return Report(
        kind="model",
        title="The risk model",
        subtitle=subtitle(overview(snapshot)),
        sections=tuple(sections),
        foot=(foot(overview(snapshot)),),
    )


def _here(snapshot: Snapshot) -> tuple[Block, ...]:
    spread = (
        Column("score_from", "Score from", "number"),
        Column("transactions", "Transactions", "count"),
        Column("obligations", "by a hard rule", "count"),
        Column("alerted", "Alerted", "count"),
        Column("value_usd", "Value, USD", "money"),
    )
    reasons = (
        Column("code", "Reason", "code"),
        Column("transactions", "Transactions", "count"),
        Column("alerted", "Alerted", "count"),
        Column("mean_contribution", "Mean log-odds", "number"),
        Column("max_contribution", "Most", "number"),
        Column("example", "For example"),
    )
    return (
        Grid.of(
            "score_distribution",
            "Transactions by score",
            spread,
            snapshot.records("FROM score_distribution()"),
        ),
        Grid.of(
            "reasons", "What moves the scores", reasons, snapshot.records("FROM reasons_summary()")
        ),
        *_decided(snapshot),
    )


def _decided(snapshot: Snapshot) -> tuple[Block, ...]:
    columns = (
        Column("score_from", "Score from", "number"),
        Column("decided", "Decided alerts", "count"),
        Column("predicted", "Mean score", "score"),
        Column("observed", "Share confirmed", "score"),
    )
    records = snapshot.records("FROM decided_scores()")
    if not records:
        return (Note("No alert is decided yet, so the scores cannot be held against decisions."),)
    grid = Grid.of("decided_scores", "Scores against decisions", columns, records)
    drawing = calibration(
        [float(r["predicted"]) for r in records],
        [float(r["observed"]) for r in records],
        title="Mean score against the share that people confirmed",
    )
    return (Figure(drawing, "Scores of decided alerts against the share confirmed.", grid),)


def _evaluation(evaluation: Mapping[str, Any]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    curve = _curve(evaluation)
    if curve:
        grid = Grid.of(
            "calibration",
            "Predicted against observed",
            (
                Column("predicted", "Predicted", "score"),
                Column("observed", "Observed", "score"),
            ),
            curve,
        )
        drawing = calibration(
            [float(p["predicted"]) for p in curve],
            [float(p["observed"]) for p in curve],
            title="Calibration: predicted against observed share",
        )
        blocks.append(
            Figure(drawing, "On the diagonal the score is the observed share of exposure.", grid)
        )
    drawn = (recall_at_budgets(evaluation), recall_by_typology(evaluation))
    blocks += [figure for figure in drawn if figure is not None]
    single: dict[str, Any] = {}
    for name, value in evaluation.items():
        table = _grid(str(name), value)
        if table is None:
            single[name] = value
        else:
            blocks.append(table)
    if single:
        blocks.append(_facts("evaluation", "Measures", single))
    return tuple(blocks)


def _grid(name: str, value: Any) -> Grid | None:
    """A table of a mapping: one row for each inner mapping of plain values.

    `{"0.01": {"model": {"recall": 0.4}}}` gives a row `0.01, model, 0.4`.
    """
    rows = _rows_in(value) if isinstance(value, Mapping) else []
    if not rows:
        return None
    measures = list(dict.fromkeys(key for _, plain in rows for key in plain))
    depth = max(len(path) for path, _ in rows)
    columns = [Column(f"level_{n}", _title(name) if n == 0 else "") for n in range(depth)]
    columns += [Column(measure, _title(measure), "score") for measure in measures]
    padded = [path + ("",) * (depth - len(path)) for path, _ in rows]
    cells = tuple(
        (*path, *(plain.get(measure) for measure in measures))
        for path, (_, plain) in zip(padded, rows, strict=True)
    )
    return Grid(f"evaluation_{name}", _title(name), tuple(columns), cells)


def _rows_in(
    value: Mapping[str, Any], path: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    if len(path) > _DEPTH_MAX:
        return []
    rows = []
    plain = {}
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            rows += _rows_in(inner, (*path, str(key)))
        elif isinstance(inner, int | float) or inner is None:
            plain[str(key)] = inner
    if plain and path:
        rows.insert(0, (path, plain))
    elif plain:
        rows = [((key,), {"value": inner}) for key, inner in plain.items()] + rows
    return rows


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _curve(value: Any) -> list[dict[str, float]]:
    """The first list of points that name a predicted and an observed share."""
    if isinstance(value, Mapping):
        for inner in value.values():
            if found := _curve(inner):
                return found
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        if all(
            isinstance(p, Mapping)
            and isinstance(p.get("predicted"), int | float)
            and isinstance(p.get("observed"), int | float)
            for p in value
        ):
            return [dict(point) for point in value]
        for inner in value:
            if found := _curve(inner):
                return found
    return []


def _facts(name: str, caption: str, value: Mapping[str, Any]) -> Grid:
    rows = [{"name": path, "value": words} for path, words in flattened(value)]
    return Grid.of(name, caption, _VALUE, rows)


def flattened(value: Any, path: str = "", depth: int = 0) -> list[tuple[str, str]]:
    """Nested values as one row each, the way to them joined with ` / `."""
    if isinstance(value, Mapping) and depth < _DEPTH_MAX:
        return [
            row
            for key, inner in value.items()
            for row in flattened(
                inner, f"{path} / {key}" if path else str(key).replace("_", " "), depth + 1
            )
        ]
    if isinstance(value, list | tuple) and value and _curve(value) == list(value):
        return [(path, f"{len(value)} points, drawn above")]
    if isinstance(value, list | tuple) and any(isinstance(v, Mapping) for v in value):
        return [
            row
            for number, inner in enumerate(value, 1)
            for row in flattened(inner, f"{path} / {number}", depth + 1)
        ]
    return [(path, shown(value) if not isinstance(value, float) else f"{value:.6g}")]
