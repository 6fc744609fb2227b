"""Additive models: tables equal the estimator, stay monotone, and nothing hostile loads."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import skops.io

from scanner.additive.artifact import (
    CARD_FILE,
    MODEL_FILE,
    TABLES_FILE,
    load_estimator,
    load_tables,
    save,
)
from scanner.additive.feature_spec import FeatureSpec
from scanner.additive.fitting import AdditiveModel, Capacity, fit_additive
from scanner.additive.step_tables import Floats, StepTables
from scanner.errors import ExitCode, IntegrityError
from scanner.warehouse import Warehouse

SPECS = [FeatureSpec("match", 1), FeatureSpec("age_days", -1), FeatureSpec("amount", 0)]


def _rows(
    seed: int, count: int = 6000
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    rng = np.random.default_rng(seed)
    matrix = np.column_stack(
        [rng.random(count), rng.integers(0, 400, count).astype(float), rng.lognormal(8, 2, count)]
    )
    odds = 4 * matrix[:, 0] - matrix[:, 1] / 100 + np.sin(np.log(matrix[:, 2])) - 2
    labels = (rng.random(count) < 1 / (1 + np.exp(-odds))).astype(np.int64)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    return matrix, labels


@pytest.fixture(scope="module")
def model() -> AdditiveModel:
    matrix, labels = _rows(1)
    calibration = np.arange(len(labels)) % 3 == 0
    return fit_additive(
        matrix, labels, SPECS, calibration_rows=calibration, seed=7, capacity=Capacity(rounds=120)
    )


def test_tables_equal_the_estimator(model: AdditiveModel) -> None:
    matrix, _ = _rows(2)
    expected = model.estimator.predict_proba(matrix)[:, 1]
    assert np.abs(model.tables.probability(matrix) - expected).max() < 1e-9


def test_values_at_the_thresholds_fall_on_the_same_side(model: AdditiveModel) -> None:
    for position, feature in enumerate(model.tables.features):
        matrix = np.full((len(feature.thresholds) * 2, 3), np.nan)
        matrix[:, position] = np.concatenate(
            [feature.thresholds, np.nextafter(feature.thresholds, np.inf)]
        )
        expected = model.estimator.predict_proba(matrix)[:, 1]
        assert np.abs(model.tables.probability(matrix) - expected).max() < 1e-9


def test_contributions_add_up_to_the_margin(model: AdditiveModel) -> None:
    matrix, _ = _rows(3)
    tables = model.tables
    total = tables.start + tables.contributions(matrix).sum(axis=1)
    assert np.abs(total - tables.margin(matrix)).max() < 1e-12


def test_sql_gives_the_same_contributions(model: AdditiveModel) -> None:
    matrix, _ = _rows(4, 2000)
    import pyarrow as pa

    data = pa.table({spec.name: matrix[:, i] for i, spec in enumerate(SPECS)})
    data = data.append_column("row", pa.array(range(len(matrix))))
    with Warehouse() as warehouse:
        warehouse.load("features", data)
        expressions = ", ".join(model.tables.sql().values())
        found = warehouse.rows(f"SELECT {expressions} FROM features ORDER BY row")
    assert np.abs(np.asarray(found) - model.tables.contributions(matrix)).max() < 1e-12


def test_more_evidence_never_lowers_the_score(model: AdditiveModel) -> None:
    matrix, _ = _rows(5, 500)
    for position, sign in ((0, 1), (1, -1)):
        before = None
        for value in np.linspace(0, 1 if position == 0 else 400, 60):
            moved = matrix.copy()
            moved[:, position] = value
            now = model.tables.probability(moved) * sign
            if before is not None:
                assert (now >= before - 1e-12).all()
            before = now


def test_two_fits_with_one_seed_are_bit_identical(model: AdditiveModel) -> None:
    matrix, labels = _rows(1)
    again = fit_additive(
        matrix,
        labels,
        SPECS,
        calibration_rows=np.arange(len(labels)) % 3 == 0,
        seed=7,
        capacity=Capacity(rounds=120),
    )
    assert again.tables.to_json() == model.tables.to_json()


def test_json_reads_back_to_the_same_bits(model: AdditiveModel) -> None:
    text = model.tables.to_json()
    assert StepTables.from_json(text).to_json() == text


@pytest.fixture
def folder(model: AdditiveModel, tmp_path: Path) -> Path:
    made = tmp_path / "1"
    save(made, model.estimator, model.tables, {"purpose": "test"})
    return made


def test_a_saved_model_scores_the_same(folder: Path, model: AdditiveModel) -> None:
    matrix, _ = _rows(6)
    assert (load_tables(folder).probability(matrix) == model.tables.probability(matrix)).all()
    loaded = load_estimator(folder).predict_proba(matrix)
    assert (loaded == model.estimator.predict_proba(matrix)).all()


def test_scoring_loads_neither_sklearn_nor_skops(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from scanner.additive.artifact import load_tables\n"
        f"load_tables(Path({str(folder)!r}))\n"
        "print([m for m in ('sklearn', 'skops') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [MODEL_FILE, TABLES_FILE])
def test_a_changed_file_is_refused(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(IntegrityError) as refused:
        load_tables(folder)
    assert refused.value.exit_code is ExitCode.INTEGRITY


def test_other_features_are_refused(folder: Path) -> None:
    with pytest.raises(IntegrityError, match="other features"):
        load_tables(folder, ["match", "amount", "age_days"])


class _Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("this must never run",))


def test_a_type_that_is_not_allowed_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from hashlib import sha256

    skops.io.dump(_Hostile(), folder / MODEL_FILE)
    card = json.loads((folder / CARD_FILE).read_text())
    card["files"][MODEL_FILE] = sha256((folder / MODEL_FILE).read_bytes()).hexdigest()
    (folder / CARD_FILE).write_text(json.dumps(card))
    with pytest.raises(IntegrityError):
        load_estimator(folder)
    assert capsys.readouterr().out == ""


def test_a_version_is_never_overwritten(folder: Path, model: AdditiveModel) -> None:
    with pytest.raises(IntegrityError, match="never overwritten"):
        save(folder, model.estimator, model.tables, {})


def test_a_folder_without_card_is_refused(folder: Path) -> None:
    (folder / CARD_FILE).unlink()
    with pytest.raises(IntegrityError):
        load_tables(folder)
    shutil.rmtree(folder)


def test_a_feature_that_is_never_known_tells_nothing_and_stops_no_fit() -> None:
    matrix, labels = _rows(5, 1200)
    matrix[:, 2] = np.nan
    calibration = np.arange(len(labels)) % 3 == 0
    made = fit_additive(
        matrix, labels, SPECS, calibration_rows=calibration, seed=7, capacity=Capacity(rounds=30)
    )
    assert not made.tables.contributions(matrix)[:, 2].any()
    known = matrix.copy()
    known[:, 2] = 1.0
    expected = made.estimator.predict_proba(known)[:, 1]
    assert np.abs(made.tables.probability(known) - expected).max() < 1e-9
