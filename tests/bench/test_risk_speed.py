"""Training and scoring in time: long form 500 thousand payments, both measured side by side."""

import os
import time

import numpy as np
import pyarrow as pa
import pytest

from scanner.risk.features import Floats, declared, matrix_of
from scanner.risk.training import Labelled, fit

LONG = os.environ.get("SCANNER_BENCH") == "long"
ROWS = 500_000 if LONG else 8_000
SCORED = 200_000 if LONG else 5_000
TRAIN_SECONDS = 120
TIMES_NATIVE = 5


def labelled(rows: int) -> Labelled:
    """Invented features: flags, ranks, shares and days that tell of guilt, with gaps."""
    rng = np.random.default_rng(7)
    labels = (rng.random(rows) < 0.02).astype(np.int64)
    columns: dict[str, pa.Array] = {
        "transaction_id": pa.array([f"t{row:07d}" for row in range(rows)])
    }
    for position, feature in enumerate(declared()):
        told = rng.random(rows) < np.where(labels == 1, 0.35, 0.05)
        values = np.round(rng.gamma(2.0, 1.0, rows), 2 if position % 2 else 0)
        values = np.where(told, values + 2, values * (position % 3 == 0)) * (feature.monotone or 1)
        columns[feature.name] = pa.array(values, mask=rng.random(rows) < 0.1 * (position % 4 == 0))
    days = rng.integers(0, 365, rows)
    return Labelled(pa.table(columns), labels, np.ones(rows), days)


def cpu_seconds(work: object, matrix: Floats, repeats: int = 3) -> float:
    """The least of some repeats, in seconds of all threads of this process."""
    assert callable(work)
    spent = []
    for _ in range(repeats):
        started = time.process_time()
        work(matrix)
        spent.append(time.process_time() - started)
    return min(spent)


@pytest.mark.bench
def test_training_and_scoring_with_reasons_are_fast_enough() -> None:
    data = labelled(ROWS)
    started = time.perf_counter()
    model = fit(data, seed=1)
    trained = time.perf_counter() - started
    matrix = matrix_of(data.features.slice(0, SCORED))
    native = cpu_seconds(model.estimator.predict_proba, matrix)
    reasons = cpu_seconds(model.tables.contributions, matrix)
    chance = model.estimator.predict_proba(matrix)[:, 1]
    assert np.abs(model.tables.probability(matrix) - chance).max() < 1e-9
    print(  # noqa: T201 - the result
        f"\ntrained on {ROWS} in {trained:.1f} s; scored {SCORED}: predict_proba {native:.2f} CPU s"
        f", with all contributions {reasons:.2f} CPU s, {native / reasons:.1f} times as fast"
    )
    if LONG:
        assert trained <= TRAIN_SECONDS
        assert native / reasons >= TIMES_NATIVE
