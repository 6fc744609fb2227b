"""Scores every transaction and says why: step tables for the model, SQL for the rest."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from scanner.risk.features import Floats, declared, feature_batches, matrix_of
from scanner.risk.registry import Champion
from scanner.schema import TABLES
from scanner.warehouse import Warehouse, load_relations

_LEAST_CONTRIBUTION = 0.05
_SCORES = pa.schema(
    [
        pa.field("transaction_id", pa.string()),
        pa.field("model_score", pa.float64()),
        pa.field("margin", pa.float64()),
    ]
)
_CONTRIBUTIONS = pa.schema(
    [
        pa.field("transaction_id", pa.string()),
        pa.field("code", pa.string()),
        pa.field("contribution", pa.float64()),
    ]
)


def score(warehouse: Warehouse, champion: Champion, run_id: str) -> None:  # noqa: ARG001 - in `run`
    """Fill `scores` and `alerts`.

    Args:
        warehouse: Holds `features`, `obligations`, `limbs`, `exceptions` and what they rest on.
        champion: The model.
        run_id: The run, which `run` also holds.
    """
    warehouse.load("model_scores", _SCORES.empty_table())
    warehouse.load("model_contributions", _CONTRIBUTIONS.empty_table())
    for batch in feature_batches(warehouse):
        scores, contributions = score_batch(batch, champion)
        for name, table in (("model_scores", scores), ("model_contributions", contributions)):
            with warehouse.view_of("__made", table):
                warehouse.execute(f'INSERT INTO "{name}" SELECT * FROM __made')  # noqa: S608 - two names
    warehouse.load(
        "thresholds",
        pa.table({"review_at": [champion.review_at], "escalate_at": [champion.escalate_at]}),
    )
    warehouse.create(TABLES["models"], TABLES["model_steps"])
    warehouse.append("models", model_row(champion))
    warehouse.append("model_steps", model_steps(champion))
    warehouse.load("champion", pa.table({"model_version": [champion.version]}))
    warehouse.build_all(load_relations("score"))


def score_batch(batch: pa.RecordBatch, champion: Champion) -> tuple[pa.Table, pa.Table]:
    """Score one batch of features.

    Returns:
        Scores, one row a transaction; and contributions by reason, strong enough to be told.
    """
    tables = champion.tables
    parts = tables.contributions(matrix_of(batch))
    ids = batch.column(batch.schema.get_field_index("transaction_id"))
    scores = _scores(ids, tables.start + parts.sum(axis=1))
    columns: dict[str, list[int]] = defaultdict(list)
    for position, feature in enumerate(declared()):
        columns[feature.reason].append(position)
    made = []
    for code, positions in sorted(columns.items()):
        grouped = parts[:, positions].sum(axis=1)
        told = np.flatnonzero(np.abs(grouped) >= _LEAST_CONTRIBUTION)
        made.append(
            pa.table(
                [
                    ids.take(pa.array(told)),
                    pa.array([code] * len(told), pa.string()),
                    pa.array(grouped[told]),
                ],
                schema=_CONTRIBUTIONS,
            )
        )
    return scores, pa.concat_tables(made)


def model_row(champion: Champion) -> pa.Table:
    """The champion as the one row of `models`."""
    row = {
        "model_version": champion.version,
        "model_sha256": champion.sha256,
        "start_log_odds": champion.tables.start,
        "review_at": champion.review_at,
        "escalate_at": champion.escalate_at,
    }
    return pa.Table.from_pylist([row], TABLES["models"].arrow_schema)


def model_steps(champion: Champion) -> pa.Table:
    """The champion's step tables as rows of `model_steps`, in the order of features and steps."""
    slope = champion.tables.slope
    rows = []
    for feature, steps in zip(declared(), champion.tables.features, strict=True):
        ends = steps.thresholds.tolist()
        values = [steps.missing, *steps.values.tolist()]
        for step, value in enumerate(values):
            rows.append(
                {
                    "model_version": champion.version,
                    "feature": feature.name,
                    "step": step,
                    "above": ends[step - 2] if step > 1 else None,
                    "up_to": ends[step - 1] if 0 < step <= len(ends) else None,
                    "contribution": value * slope,
                    "reason": feature.reason,
                    "monotone": feature.monotone,
                    "value_type": feature.value_type,
                    "meaning": feature.meaning,
                }
            )
    return pa.Table.from_pylist(rows, TABLES["model_steps"].arrow_schema)


def model_scores(ids: pa.Array | Sequence[str], matrix: Floats, champion: Champion) -> pa.Table:
    """Scores without their contributions: transaction_id, model_score and margin.

    Args:
        ids: Transactions.
        matrix: Their features, in the order of the model's.
        champion: The model.
    """
    return _scores(ids, champion.tables.margin(matrix))


def _scores(ids: pa.Array | Sequence[str], margin: Floats) -> pa.Table:
    score = 1.0 / (1.0 + np.exp(-margin))
    return pa.table([pa.array(ids, pa.string()), score, margin], schema=_SCORES)
