"""Fits an additive, monotone model and turns it into step tables.

A histogram gradient boosting whose trees see one feature each is a sum of step
functions, one whose branches see two a sum of grids; the tables hold exactly that
sum. Calibration is a sigmoid on rows that the boosting did not see.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Required, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.frozen import FrozenEstimator

from scanner.additive.feature_spec import FeatureSpec
from scanner.additive.pair_tables import PairGrid, PairTables
from scanner.additive.step_tables import FeatureSteps, Floats, StepTables

Interactions = Literal["no_interactions", "pairwise", "any"]


@dataclass(frozen=True)
class Capacity:
    """How closely the model may follow its training rows."""

    rounds: int = 300
    learning_rate: float = 0.08
    max_leaf_nodes: int = 8
    l2_regularization: float = 5.0
    min_samples_leaf: int = 30
    max_bins: int = 255


class FitOptions(TypedDict, total=False):
    """What a fit is told besides its rows; `fit_boosting` says what each means."""

    calibration_rows: Required[NDArray[np.bool_]]
    seed: Required[int]
    sample_weight: Floats | None
    capacity: Capacity | None


@dataclass(frozen=True)
class AdditiveModel:
    """A fitted model: the calibrated scikit-learn estimator and its step tables."""

    estimator: Any
    tables: StepTables


def fit_additive(
    matrix: Floats,
    labels: NDArray[np.int64],
    specs: Sequence[FeatureSpec],
    **options: Unpack[FitOptions],
) -> AdditiveModel:
    """Fit on some rows, calibrate on the others.

    Args:
        matrix: Rows by features; NaN = not known.
        labels: 1 for the positives.
        specs: The features in the order of the columns.
        options: Which rows calibrate, the seed, and what else a fit may be told.

    Returns:
        The estimator and tables whose probabilities equal its to rounding.
    """
    calibrated = fit_boosting(matrix, labels, specs, interactions="no_interactions", **options)
    boosting = calibrated.estimator.estimator
    return AdditiveModel(calibrated, tables_of(boosting, calibrated, specs))


@dataclass(frozen=True)
class PairModel:
    """A fitted model of features and pairs: the calibrated estimator and its tables."""

    estimator: Any
    tables: PairTables


def fit_pairs(
    matrix: Floats,
    labels: NDArray[np.int64],
    specs: Sequence[FeatureSpec],
    **options: Unpack[FitOptions],
) -> PairModel:
    """Fit as `fit_additive` does, with trees on no branch of which more than two features meet."""
    calibrated = fit_boosting(matrix, labels, specs, interactions="pairwise", **options)
    boosting = calibrated.estimator.estimator
    return PairModel(calibrated, pair_tables_of(boosting, calibrated, specs))


def fit_boosting(
    matrix: Floats,
    labels: NDArray[np.int64],
    specs: Sequence[FeatureSpec],
    *,
    calibration_rows: NDArray[np.bool_],
    seed: int,
    sample_weight: Floats | None = None,
    capacity: Capacity | None = None,
    interactions: Interactions,
) -> Any:
    """Fit a calibrated, monotone gradient boosting, with or without interactions of features.

    Args:
        matrix: Rows by features; NaN = not known.
        labels: 1 for the positives.
        specs: The features in the order of the columns.
        calibration_rows: True for the rows that calibrate and do not fit.
        seed: Seed of the fit.
        sample_weight: Weight of each row.
        capacity: Rounds, leaves and regularisation.
        interactions: How many features may meet on one branch: one, two, or any number.

    Returns:
        The calibrated scikit-learn classifier.
    """
    capacity = capacity or Capacity()
    weight = np.ones(len(labels)) if sample_weight is None else sample_weight
    boosting = HistGradientBoostingClassifier(
        interaction_cst=None if interactions == "any" else interactions,
        monotonic_cst=[spec.monotone for spec in specs],
        max_iter=capacity.rounds,
        learning_rate=capacity.learning_rate,
        max_leaf_nodes=capacity.max_leaf_nodes,
        l2_regularization=capacity.l2_regularization,
        min_samples_leaf=capacity.min_samples_leaf,
        max_bins=capacity.max_bins,
        early_stopping=False,
        random_state=seed,
    )
    fit = ~calibration_rows
    # scikit-learn cannot bin a column of which no row is known; such a column tells nothing.
    known = ~np.isnan(matrix[fit]).all(axis=0)
    matrix = np.where(known, matrix, 0.0)
    boosting.fit(matrix[fit], labels[fit], sample_weight=weight[fit])
    calibrated = CalibratedClassifierCV(FrozenEstimator(boosting), method="sigmoid")
    with warnings.catch_warnings():
        # The boosting is fitted already: that the weights reach the calibration alone is meant.
        warnings.filterwarnings("ignore", message="Since FrozenEstimator does not appear")
        calibrated.fit(
            matrix[calibration_rows],
            labels[calibration_rows],
            sample_weight=weight[calibration_rows],
        )
    return calibrated


def pair_tables_of(boosting: Any, calibrated: Any, specs: Sequence[FeatureSpec]) -> PairTables:
    """The grids of a fitted boosting whose trees see at most two features."""
    leaves: dict[tuple[int, int], list[_Leaf]] = {}
    constant = 0.0
    for (predictor,) in boosting._predictors:  # noqa: SLF001 - the trees have no public name
        for leaf in _leaves(predictor.nodes):
            seen = sorted({turn.feature for turn in leaf.turns})
            if seen:
                leaves.setdefault((seen[0], seen[-1]), []).append(leaf)
            else:
                constant += leaf.value
    sigmoid = calibrated.calibrated_classifiers_[0].calibrators[0]
    return PairTables(
        tuple(spec.name for spec in specs),
        float(np.ravel(boosting._baseline_prediction)[0]) + constant,  # noqa: SLF001
        tuple(_grid(*pair, found) for pair, found in sorted(leaves.items())),
        -float(sigmoid.a_),
        -float(sigmoid.b_),
    )


@dataclass(frozen=True)
class _Turn:
    """One condition on the way to a leaf."""

    feature: int
    threshold: float
    is_left: bool
    takes_missing: bool

    def holds(self, points: Floats) -> NDArray[np.bool_]:
        left = points <= self.threshold
        return np.where(np.isnan(points), self.takes_missing, left == self.is_left)


@dataclass(frozen=True)
class _Leaf:
    """A leaf's value and the conditions under which it is reached."""

    turns: tuple[_Turn, ...]
    value: float


def _leaves(nodes: NDArray[np.void]) -> Iterator[_Leaf]:
    """The leaves of one tree; on no way to one are there more than two features."""
    ways: list[tuple[int, tuple[_Turn, ...]]] = [(0, ())]
    while ways:
        place, turns = ways.pop()
        node = nodes[place]
        if node["is_leaf"]:
            yield _Leaf(turns, float(node["value"]))
            continue
        for is_left, side in ((True, "left"), (False, "right")):
            takes_missing = bool(node["missing_go_to_left"]) == is_left
            turn = _Turn(
                int(node["feature_idx"]), float(node["num_threshold"]), is_left, takes_missing
            )
            ways.append((int(node[side]), (*turns, turn)))


def _grid(first: int, second: int, leaves: Sequence[_Leaf]) -> PairGrid:
    """The leaves that see these two features, as one grid; one feature alone has one column."""
    ends = [
        np.array(sorted({t.threshold for leaf in leaves for t in leaf.turns if t.feature == f}))
        for f in (first, second)
    ]
    if first == second:
        ends[1] = np.empty(0)
    rows, columns = (np.append(found, (np.inf, np.nan)) for found in ends)
    values = np.zeros((len(rows), len(columns)))
    for leaf in leaves:
        of_row, of_column = np.ones(len(rows), np.bool_), np.ones(len(columns), np.bool_)
        for turn in leaf.turns:
            if turn.feature == first:
                of_row &= turn.holds(rows)
            else:
                of_column &= turn.holds(columns)
        values += leaf.value * np.outer(of_row, of_column)
    return PairGrid(first, second, ends[0], ends[1], values)


def tables_of(boosting: Any, calibrated: Any, specs: Sequence[FeatureSpec]) -> StepTables:
    """The step tables of a fitted boosting without interactions and its calibration."""
    trees: dict[int, list[NDArray[np.void]]] = {position: [] for position in range(len(specs))}
    constant = 0.0
    for (predictor,) in boosting._predictors:  # noqa: SLF001 - the trees have no public name
        nodes = predictor.nodes
        used = {int(node["feature_idx"]) for node in nodes if not node["is_leaf"]}
        if not used:
            constant += float(nodes[0]["value"])
            continue
        (feature,) = used
        trees[feature].append(nodes)
    sigmoid = calibrated.calibrated_classifiers_[0].calibrators[0]
    return StepTables(
        base=float(np.ravel(boosting._baseline_prediction)[0]) + constant,  # noqa: SLF001
        features=tuple(_steps(spec, trees[position]) for position, spec in enumerate(specs)),
        slope=-float(sigmoid.a_),
        intercept=-float(sigmoid.b_),
    )


def _steps(spec: FeatureSpec, trees: Sequence[NDArray[np.void]]) -> FeatureSteps:
    thresholds = sorted(
        {float(n["num_threshold"]) for nodes in trees for n in nodes if not n["is_leaf"]}
    )
    points = [*thresholds, np.inf]
    values = [sum(_walk(nodes, point) for nodes in trees) for point in points]
    missing = sum(_walk(nodes, np.nan) for nodes in trees)
    kept = [i for i in range(len(thresholds)) if values[i] != values[i + 1]]
    return FeatureSteps(
        spec.name,
        spec.monotone,
        np.asarray([thresholds[i] for i in kept], dtype=np.float64),
        np.asarray([*(values[i] for i in kept), values[-1]], dtype=np.float64),
        float(missing),
    )


def _walk(nodes: NDArray[np.void], value: float) -> float:
    node = nodes[0]
    while not node["is_leaf"]:
        if np.isnan(value):
            left = bool(node["missing_go_to_left"])
        else:
            left = value <= node["num_threshold"]
        node = nodes[node["left"] if left else node["right"]]
    return float(node["value"])
