"""Fits a new version of the risk model from features and labels, and writes its card."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from scanner.additive import StepTables
from scanner.additive.artifact import save
from scanner.additive.fitting import AdditiveModel, Capacity, fit_additive
from scanner.errors import UsageError
from scanner.risk.challengers import Challenger, fit_challengers
from scanner.risk.distribution import DISTRIBUTION_FILE, Counting, Distribution, bin_edges
from scanner.risk.features import Floats, declared, matrix_of
from scanner.risk.limits import GENERAL
from scanner.risk.registry import name_hash

_CAPACITY = Capacity(
    rounds=700, learning_rate=0.15, max_leaf_nodes=3, l2_regularization=1.0, min_samples_leaf=8
)
_CALIBRATION_SHARE = 0.3
_REVIEW_BUDGET = 0.03
_ESCALATE_PRECISION = 0.8
LEAST_POSITIVES = 30
"""Under so many guilty rows nothing is fitted."""


@dataclass(frozen=True)
class Labelled:
    """Features with labels, one row a transaction.

    Attributes:
        features: The table `features`.
        labels: 1 where exposure is confirmed.
        weights: Weight of each row.
        order: Value date as days, to split by time.
        typologies: Typology of each row where known, for the evaluation alone.
        eras: Message era of each row, as `era_of` tells, where known.
    """

    features: pa.Table
    labels: np.ndarray[Any, np.dtype[np.int64]]
    weights: np.ndarray[Any, np.dtype[np.float64]]
    order: np.ndarray[Any, np.dtype[np.int64]]
    typologies: tuple[str, ...] = ()
    eras: tuple[str, ...] = ()

    def sha256(self) -> str:
        """Logical hash of features, labels and weights."""
        seen = hashlib.sha256()
        seen.update(matrix_of(self.features).tobytes())
        seen.update(self.labels.tobytes() + self.weights.tobytes())
        return seen.hexdigest()


def fit(data: Labelled, *, seed: int) -> AdditiveModel:
    """Fit and calibrate: the latest rows calibrate, the earlier ones fit.

    Raises:
        UsageError: There are too few positives to learn from.
    """
    positives = int(data.labels.sum())
    if positives < LEAST_POSITIVES:
        raise UsageError(
            f"{positives} positives are too few to train on, {LEAST_POSITIVES} are needed",
            hint="add decisions or mix in simulated ones with --simulated",
        )
    return fit_additive(
        matrix_of(data.features),
        data.labels,
        [feature.spec for feature in declared()],
        calibration_rows=calibration_rows(data),
        seed=seed,
        sample_weight=data.weights,
        capacity=_CAPACITY,
    )


def fit_rivals(data: Labelled, *, seed: int) -> list[Challenger]:
    """Fit the challengers on the same rows, calibrated on the same others."""
    return fit_challengers(
        matrix_of(data.features),
        data.labels,
        data.weights,
        [feature.spec for feature in declared()],
        calibration_rows=calibration_rows(data),
        seed=seed,
    )


def calibration_rows(data: Labelled) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows calibrate: the latest ones, or every third where they hold too few positives."""
    chosen: np.ndarray[Any, np.dtype[np.bool_]] = data.order > np.quantile(
        data.order, 1 - _CALIBRATION_SHARE
    )
    if data.labels[chosen].sum() < LEAST_POSITIVES / 3:
        chosen = np.arange(len(data.labels)) % 3 == 0
    return chosen


def thresholds_of(model: AdditiveModel, data: Labelled) -> dict[str, float]:
    """Bands: review takes the top of the innocent traffic, escalate starts where most are right.

    Where the rows that train hold more guilty ones than traffic does, the top of them all would be
    the guilty alone, and nothing would be left to review. Both lines are set on the rows that
    calibrate: on its training rows a model looks better than it is.
    """
    unseen = calibration_rows(data)
    labels = data.labels[unseen]
    scores = model.tables.probability(matrix_of(data.features)[unseen])
    review_at = float(np.quantile(scores[labels == 0], 1 - _REVIEW_BUDGET))
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(labels[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= _ESCALATE_PRECISION)
    escalate_at = float(scores[order[good[-1]]]) if len(good) else 1.0
    review_at = min(max(review_at, 0.05), 0.5)
    return {"review_at": review_at, "escalate_at": max(escalate_at, review_at, 0.5)}


def lines_on_traffic(model: AdditiveModel, data: Labelled, traffic: Floats) -> dict[str, float]:
    """Bands where the labelled rows are no fair draw: review takes the top of all traffic.

    Args:
        model: The fitted model.
        data: Labelled rows; they tell from where on most are right.
        traffic: Features of payments as they come, labelled or not.
    """
    scores = model.tables.probability(traffic)
    review_at = min(max(float(np.quantile(scores, 1 - _REVIEW_BUDGET)), 0.05), 0.5)
    return {
        "review_at": review_at,
        "escalate_at": max(thresholds_of(model, data)["escalate_at"], review_at),
    }


def write_version(
    folder: Path,
    model: AdditiveModel,
    data: Labelled,
    facts: Mapping[str, Any],
    challengers: Sequence[Challenger] = (),
) -> str:
    """Write a version's folder; its name is made of its content.

    Args:
        folder: Models folder.
        model: The fitted model.
        data: The rows it was trained on.
        facts: Date, seed, source of the labels and what else the card shall say.
        challengers: Models of other kinds, trained on the same rows, to compare with.

    Returns:
        The version.
    """
    version = f"{facts['date']}-{name_hash(model.tables)}"
    if (folder / "risk" / version).exists():
        return version
    card = {
        **facts,
        "purpose": (
            "Ranks payments by the probability that an analyst would confirm exposure under "
            "section 11 of E.O. 14024, inside and below the obligations. No legal determination."
        ),
        "data_sha256": data.sha256(),
        "rows": len(data.labels),
        "positives": int(data.labels.sum()),
        "monotone": {feature.name: feature.monotone for feature in declared()},
        "thresholds": facts.get("thresholds") or thresholds_of(model, data),
        "libraries": {
            name: library_version(name) for name in ("scikit-learn", "numpy", "duckdb", "skops")
        },
        "limits": facts.get("limits") or GENERAL,
    }
    save(
        folder / "risk" / version,
        model.estimator,
        model.tables,
        card,
        beside={
            DISTRIBUTION_FILE: _distribution(model.tables, data).to_json(),
            **{c.file: c.tables.to_json() for c in challengers if c.tables is not None},
        },
        estimators={c.file: c.estimator for c in challengers if c.tables is None},
    )
    return version


def _distribution(tables: StepTables, data: Labelled) -> Distribution:
    """How the training rows are spread, for `scanner.risk.drift`."""
    matrix = matrix_of(data.features)
    counting = Counting(bin_edges(matrix, tables), tables)
    counting.add(matrix, data.eras or ("unknown",) * len(matrix))
    return counting.made()
