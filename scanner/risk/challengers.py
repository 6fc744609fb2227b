"""Models of other kinds than the champion, trained on the same rows to be compared with it.

`gradient_boosting` may look at several features in one tree: what it gains over the
additive champion is the price of exact reasons. `scorecard` is a logistic regression
over bins, the plainest model that a bank's validator knows: what the champion gains
over it is the worth of boosting. Neither can be promoted: only additive, monotone
models score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scanner.additive import FeatureSteps, StepTables
from scanner.additive.artifact import load_card, load_estimator
from scanner.additive.feature_spec import FeatureSpec
from scanner.additive.fitting import Capacity, fit_boosting
from scanner.risk.features import Floats

BOOSTING, SCORECARD = "gradient_boosting", "scorecard"
_FILES = {BOOSTING: "challenger-gradient_boosting.skops", SCORECARD: "challenger-scorecard.json"}
_CAPACITY = Capacity(
    rounds=200, learning_rate=0.06, max_leaf_nodes=15, l2_regularization=5.0, min_samples_leaf=20
)
_BINS = 6
_INVERSE_PENALTY = 1.0


@dataclass(frozen=True)
class Challenger:
    """One fitted challenger.

    Attributes:
        name: gradient_boosting or scorecard.
        estimator: The scikit-learn estimator, where it is no sum of steps.
        tables: Its step tables, where it is one.
    """

    name: str
    estimator: Any = None
    tables: StepTables | None = None

    @property
    def file(self) -> str:
        """Name of its file in the version's folder."""
        return _FILES[self.name]

    def margin(self, matrix: Floats) -> Floats:
        """Calibrated log-odds of each row."""
        if self.tables is not None:
            return self.tables.margin(matrix)
        chance = self.estimator.predict_proba(matrix)
        tiny = np.finfo(np.float64).tiny
        made: Floats = np.log(np.maximum(chance[:, 1], tiny) / np.maximum(chance[:, 0], tiny))
        return made


def fit_challengers(
    matrix: Floats,
    labels: NDArray[np.int64],
    weights: Floats,
    specs: Sequence[FeatureSpec],
    *,
    calibration_rows: NDArray[np.bool_],
    seed: int,
) -> list[Challenger]:
    """Fit both on the champion's rows and calibrate them on the same others.

    Args:
        matrix: Rows by features; NaN = not known.
        labels: 1 for the positives.
        weights: Weight of each row.
        specs: The features in the order of the columns.
        calibration_rows: True for the rows that calibrate and do not fit.
        seed: Seed of the fits.
    """
    boosting = fit_boosting(
        matrix,
        labels,
        specs,
        calibration_rows=calibration_rows,
        seed=seed,
        sample_weight=weights,
        capacity=_CAPACITY,
        interactions="any",
    )
    return [
        Challenger(BOOSTING, estimator=boosting),
        Challenger(
            SCORECARD, tables=_scorecard(matrix, labels, weights, specs, calibration_rows, seed)
        ),
    ]


def load_challengers(folder: Path) -> list[Challenger]:
    """The challengers that a version keeps, after the card's checks; none where it has none.

    Raises:
        IntegrityError: One is not what the card says.
    """
    card = load_card(folder)
    made = []
    for name, file in _FILES.items():
        if file not in card["files"]:
            continue
        if file.endswith(".json"):
            tables = StepTables.from_json((folder / file).read_text("utf-8"), str(folder / file))
            made.append(Challenger(name, tables=tables))
        else:
            made.append(Challenger(name, estimator=load_estimator(folder, file)))
    return made


def _scorecard(
    matrix: Floats,
    labels: NDArray[np.int64],
    weights: Floats,
    specs: Sequence[FeatureSpec],
    calibration_rows: NDArray[np.bool_],
    seed: int,
) -> StepTables:
    """A logistic regression over the bins of each feature, as the step tables that it is."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only training needs it

    fit = ~calibration_rows
    edges = [_edges(column) for column in matrix[fit].T]
    design = np.hstack([_one_hot(c, e) for c, e in zip(matrix.T, edges, strict=True)])
    points = LogisticRegression(C=_INVERSE_PENALTY, max_iter=1000, random_state=seed)
    points.fit(design[fit], labels[fit], sample_weight=weights[fit])
    raw = design @ points.coef_[0] + points.intercept_[0]
    # A second regression of one variable: Platt's calibration, hardly penalised.
    sigmoid = LogisticRegression(C=1e6, random_state=seed)
    rows = calibration_rows
    sigmoid.fit(raw[rows, np.newaxis], labels[rows], sample_weight=weights[rows])
    features, place = [], 0
    for spec, edge in zip(specs, edges, strict=True):
        values = points.coef_[0][place : place + len(edge) + 2]
        place += len(edge) + 2
        features.append(FeatureSteps(spec.name, 0, edge, values[:-1], float(values[-1])))
    return StepTables(
        base=float(points.intercept_[0]),
        features=tuple(features),
        slope=float(sigmoid.coef_[0][0]),
        intercept=float(sigmoid.intercept_[0]),
    )


def _edges(column: Floats) -> Floats:
    known = column[~np.isnan(column)]
    values = np.unique(known)
    if len(values) <= _BINS:
        return values[:-1]
    return np.unique(np.quantile(known, np.arange(1, _BINS) / _BINS, method="lower"))


def _one_hot(column: Floats, edges: Floats) -> Floats:
    """One column per bin, and one for not known."""
    place = np.searchsorted(edges, column, side="left")
    place[np.isnan(column)] = len(edges) + 1
    made: Floats = np.eye(len(edges) + 2)[place]
    return made
