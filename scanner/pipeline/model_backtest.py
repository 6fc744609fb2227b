"""Scores stored payments with a version as of their dates, and judges it by what came later.

What was listed only after a payment is taken out of its features, so that the model
sees what could have been seen. Then its alerts are set against the payments whose
party was listed later, and against what people decided.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from scanner.pipeline.judged_payments import (
    features_of_then,
    judge,
    monitoring,
    payments_to_judge,
)
from scanner.pipeline.model_thresholds import labels_of
from scanner.pipeline.stored_payments import live_runs
from scanner.pipeline.workspace import Workspace
from scanner.risk.features import matrix_of
from scanner.risk.registry import Champion
from scanner.risk.scoring import model_scores
from scanner.risk.thresholds import wilson_interval
from scanner.settings import Settings
from scanner.warehouse import Warehouse


@dataclass(frozen=True)
class Backtest:
    """What a backtest found.

    Attributes:
        slices: One row over all, per month and per message era.
        line: Score from which a payment counted as an alert.
        undated: Payments scored with a hit whose date of listing is not known.
    """

    slices: pa.Table
    line: float
    undated: int


def backtest(
    settings: Settings,
    version: Champion,
    *,
    since: date | None = None,
    until: date | None = None,
    line: float | None = None,
    budget: float | None = None,
    labels: Path | None = None,
) -> Backtest:
    """Score stored payments of some days with a version and judge its alerts.

    Args:
        settings: Names the workspace.
        version: The model; its line of review is taken where no other is given.
        since: First value date.
        until: Last value date.
        line: Score from which a payment alerts.
        budget: Instead: share of payments that may alert.
        labels: Labels beside the log of decisions.

    Raises:
        UsageError: No payment is stored.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    known = labels_of(workspace, labels)
    with payments_to_judge(
        live_runs(workspace), settings, labels=known, since=since, until=until
    ) as warehouse:
        warehouse.build(monitoring("later_designations"))
        features_of_then(warehouse)
        _score(warehouse, version)
        judge(warehouse, with_hindsight=False)
        chosen = version.review_at if line is None else line
        if budget is not None:
            chosen = _line_of_budget(warehouse, budget)
        warehouse.load("line", pa.table({"threshold": pa.array([chosen], pa.float64())}))
        warehouse.build(monitoring("backtest_slices"))
        made = warehouse.arrow(
            "FROM backtest_slices ORDER BY slice != 'all', slice IN ('MT', 'MX'), slice"
        )
        undated = warehouse.row(
            "SELECT count(DISTINCT transaction_id) FROM hits"
            " SEMI JOIN judged USING (transaction_id) WHERE known_on_payment_date IS NULL"
        )[0]
    return Backtest(_with_recall(made), chosen, int(undated))


def _score(warehouse: Warehouse, version: Champion) -> None:
    empty = model_scores([], matrix_of(warehouse.arrow("FROM features_then LIMIT 0")), version)
    warehouse.load("judged_scores", empty)
    wanted = "FROM features_then SEMI JOIN transactions USING (transaction_id)"
    for batch in warehouse.batches(f"{wanted} ORDER BY transaction_id"):
        ids = batch.column(batch.schema.get_field_index("transaction_id"))
        with warehouse.view_of("__made", model_scores(ids, matrix_of(batch), version)):
            warehouse.execute("INSERT INTO judged_scores FROM __made")


def _line_of_budget(warehouse: Warehouse, budget: float) -> float:
    """The score of the last payment that the budget takes; obligations are not the model's."""
    payments = int(warehouse.row("SELECT count(*) FROM judged")[0])
    found = warehouse.rows(
        "SELECT score FROM judged WHERE NOT obligation ORDER BY score DESC LIMIT 1 OFFSET ?",
        [max(1, round(payments * budget)) - 1],
    )
    return float(found[0][0]) if found else 0.0


def _with_recall(slices: pa.Table) -> pa.Table:
    """Recall beside each count, with the ends of its 95 percent interval (Wilson)."""
    made = slices
    for name in ("confirmed", "listed_later"):
        pairs = list(
            zip(slices[f"{name}_caught"].to_pylist(), slices[name].to_pylist(), strict=True)
        )
        intervals = [wilson_interval(caught, of) for caught, of in pairs]
        columns = {
            f"{name}_recall": [caught / of if of else None for caught, of in pairs],
            f"{name}_recall_low": [found[0] if found else None for found in intervals],
            f"{name}_recall_high": [found[1] if found else None for found in intervals],
        }
        for column, values in columns.items():
            made = made.append_column(column, pa.array(values, pa.float64()))
    return made
