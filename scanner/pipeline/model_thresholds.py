"""What lines of the score would have done with stored payments, and samples around a line."""

from datetime import date
from pathlib import Path

import pyarrow as pa

from scanner.errors import UsageError
from scanner.pipeline.judged_payments import judge, monitoring, payments_to_judge
from scanner.pipeline.labels import Label, decided_alerts, read_labels
from scanner.pipeline.stored_payments import live_runs
from scanner.pipeline.workspace import Workspace
from scanner.risk.registry import Champion
from scanner.risk.thresholds import recall_floor
from scanner.settings import Settings
from scanner.warehouse import Warehouse

BUDGETS = (0.001, 0.005, 0.01)
MISSES = (0.02, 0.05, 0.1, 0.2)
_GRID = tuple(round(step * 0.05, 2) for step in range(1, 20))
_STORED_SCORES = """
    CREATE VIEW judged_scores AS SELECT transaction_id, model_score, margin FROM scores
"""
_FREE = "FROM judged WHERE NOT obligation"


def labels_of(workspace: Workspace, file: Path | None) -> list[Label]:
    """The workspace's decided alerts, and a file's labels."""
    return decided_alerts(workspace.decisions) + (read_labels(file) if file else [])


def thresholds(
    settings: Settings,
    champion: Champion,
    *,
    labels: Path | None = None,
    since: date | None = None,
    until: date | None = None,
) -> pa.Table:
    """Judge the champion's lines, alert budgets, recall floors and a grid on stored scores.

    Args:
        settings: Names the workspace.
        champion: The lines in force.
        labels: Further labels than the log's, such as a decided sample below the line.
        since: First value date.
        until: Last value date.

    Returns:
        One row per line with alerts, alerts per day, precision, and recall with its n. Scores
        of other model versions than the champion's are judged as they are stored.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    known = labels_of(workspace, labels)
    with payments_to_judge(
        live_runs(workspace), settings, labels=known, since=since, until=until
    ) as warehouse:
        warehouse.execute(_STORED_SCORES)
        judge(warehouse, with_hindsight=True)
        return line_table(warehouse, champion)


def line_table(warehouse: Warehouse, champion: Champion) -> pa.Table:
    """The table of lines over `judged`."""
    lines = [
        ("review now", champion.review_at, None),
        ("escalate now", champion.escalate_at, None),
        *_budget_lines(warehouse),
        *_floor_lines(warehouse),
        *((f"line {line}", line, None) for line in _GRID),
    ]
    warehouse.load(
        "lines",
        pa.table(
            {
                "position": list(range(len(lines))),
                "rule": [rule for rule, _, _ in lines],
                "threshold": pa.array([line for _, line, _ in lines], pa.float64()),
            }
        ),
    )
    warehouse.build(monitoring("line_counts"))
    counted = warehouse.arrow("SELECT * EXCLUDE (position) FROM line_counts ORDER BY position")
    return counted.append_column(
        "promise", pa.array([promise for _, _, promise in lines], pa.string())
    )


def _budget_lines(warehouse: Warehouse) -> list[tuple[str, float, str | None]]:
    made: list[tuple[str, float, str | None]] = []
    payments = int(warehouse.row("SELECT count(*) FROM judged")[0])
    for budget in BUDGETS:
        place = max(1, round(payments * budget))
        found = warehouse.rows(
            f"SELECT score {_FREE} ORDER BY score DESC LIMIT 1 OFFSET {place - 1}"
        )
        if found:
            made.append((f"budget {budget:.1%} of payments", float(found[0][0]), None))
    return made


def _floor_lines(warehouse: Warehouse) -> list[tuple[str, float, str | None]]:
    found = warehouse.rows(f"SELECT score, weight {_FREE} AND label = 1")
    scores, weights = [row[0] for row in found], [row[1] for row in found]
    made: list[tuple[str, float, str | None]] = []
    for miss in MISSES:
        floor = recall_floor(scores, weights, miss)
        words = f"n {floor.positives:.0f}: "
        if floor.threshold:
            words += (
                f"misses {floor.expected_miss:.1%} of such positives in the mean, "
                f"above {floor.worst_miss:.1%} in 1 of 20 draws"
            )
        else:
            words += "too few positives for this floor, so everything alerts"
        made.append((f"recall floor {1 - miss:.0%}", floor.threshold, words))
    return made


def sample(
    settings: Settings,
    champion: Champion,
    *,
    each: int,
    seed: int,
    line: float | None = None,
    labels: Path | None = None,
    since: date | None = None,
    until: date | None = None,
) -> pa.Table:
    """Draw payments above and below a line that nobody has judged, for people to judge.

    Args:
        settings: Names the workspace.
        champion: Its line of review is taken where `line` is None.
        each: Payments to draw on each side.
        seed: Seed of the draw.
        line: Score that parts above from below.
        labels: Labels beside the log's: these payments are not drawn.
        since: First value date.
        until: Last value date.

    Raises:
        UsageError: There is nothing to draw from.
    """
    workspace = Workspace(Path(settings.workspace))
    workspace.require()
    known = labels_of(workspace, labels)
    with payments_to_judge(
        live_runs(workspace), settings, labels=known, since=since, until=until
    ) as warehouse:
        warehouse.execute(_STORED_SCORES)
        judge(warehouse, with_hindsight=True)
        warehouse.load(
            "sample_plan",
            pa.table(
                {
                    "line": pa.array([champion.review_at if line is None else line], pa.float64()),
                    "each": pa.array([each], pa.int64()),
                    "seed": pa.array([seed], pa.int64()),
                }
            ),
        )
        warehouse.build(monitoring("line_sample"))
        drawn = warehouse.arrow("FROM line_sample ORDER BY stratum, score DESC, transaction_id")
    if not drawn.num_rows:
        raise UsageError("there is no payment to draw", hint="all are decided or obligations")
    return drawn
