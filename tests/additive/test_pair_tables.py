"""Tables of pairs equal the estimator, keep the signs declared, and are refused when unsound."""

import json

import numpy as np
import pytest

from scanner.additive import PairTables
from scanner.additive.feature_spec import FeatureSpec
from scanner.additive.fitting import Capacity, PairModel, fit_pairs
from scanner.errors import IntegrityError

SPECS = [FeatureSpec("alike", 1), FeatureSpec("letters", 1), FeatureSpec("unmet", -1)]


def made_rows(seed: int, count: int = 5000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    matrix = np.column_stack(
        [rng.random(count), rng.integers(1, 30, count).astype(float), rng.random(count) * 10]
    )
    # Alike letters count only in a long name: no sum of single features can say that.
    odds = 6 * (matrix[:, 0] > 0.7) * (matrix[:, 1] > 12) - matrix[:, 2] / 3 - 1
    labels = (rng.random(count) < 1 / (1 + np.exp(-odds))).astype(np.int64)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    return matrix, labels


@pytest.fixture(scope="module")
def model() -> PairModel:
    matrix, labels = made_rows(1)
    calibration = np.arange(len(labels)) % 3 == 0
    return fit_pairs(
        matrix, labels, SPECS, calibration_rows=calibration, seed=7,
        capacity=Capacity(rounds=80, max_bins=32),
    )  # fmt: skip


def test_tables_equal_the_estimator(model: PairModel) -> None:
    matrix, _ = made_rows(2)
    margin = model.tables.margin(matrix)
    expected = model.estimator.predict_proba(matrix)[:, 1]
    assert np.abs(1 / (1 + np.exp(-margin)) - expected).max() < 1e-9


def test_values_at_the_thresholds_fall_on_the_same_side(model: PairModel) -> None:
    for grid in model.tables.grids:
        for feature, ends in (
            (grid.first, grid.first_thresholds), (grid.second, grid.second_thresholds),
        ):  # fmt: skip
            matrix = np.full((len(ends), 3), 0.5)
            matrix[:, feature] = ends
            expected = model.estimator.predict_proba(matrix)[:, 1]
            assert np.allclose(1 / (1 + np.exp(-model.tables.margin(matrix))), expected, atol=1e-9)


def test_no_step_goes_against_its_sign(model: PairModel) -> None:
    matrix, _ = made_rows(3, 300)
    matrix = matrix[~np.isnan(matrix).any(axis=1)]
    for feature, spec in enumerate(SPECS):
        before = None
        for value in np.linspace(0, 30, 61):
            moved = matrix.copy()
            moved[:, feature] = value
            margin = model.tables.margin(moved)
            if before is not None:
                assert ((margin - before) * spec.monotone >= -1e-9).all()
            before = margin


def test_text_reads_back_to_the_same_bits(model: PairModel) -> None:
    matrix, _ = made_rows(4, 500)
    again = PairTables.from_json(model.tables.to_json())
    assert again.to_json() == model.tables.to_json()
    assert (again.margin(matrix) == model.tables.margin(matrix)).all()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.pop("grids"),
        lambda data: data["grids"][0]["values"].pop(),
        lambda data: data["grids"][0].update(first=99),
        lambda data: data["grids"][0]["first_thresholds"].reverse(),
        lambda data: data["grids"][0]["values"][0].__setitem__(0, float("nan")),
    ],
    ids=["no grids", "a row lost", "unknown feature", "order of steps", "not a number"],
)
def test_an_unsound_table_is_refused(model: PairModel, damage: object) -> None:
    data = json.loads(model.tables.to_json())
    data["grids"].sort(key=lambda grid: -len(grid["first_thresholds"]))
    damage(data)  # type: ignore[operator]
    with pytest.raises(IntegrityError):
        PairTables.from_json(json.dumps(data), "here")


def test_another_number_of_features_is_refused(model: PairModel) -> None:
    with pytest.raises(IntegrityError, match="3 features, got 2"):
        model.tables.margin(np.zeros((4, 2)))
