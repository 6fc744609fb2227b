"""Challengers are trained on the same rows, kept, refused when changed, compared fairly."""

import json
from pathlib import Path

import numpy as np
import pytest

from scanner.additive.feature_spec import FeatureSpec
from scanner.additive.fitting import Capacity, fit_additive
from scanner.errors import ExitCode, IntegrityError, UsageError
from scanner.pipeline.retraining import compare_versions
from scanner.pipeline.simulated_world import World
from scanner.pipeline.training import evaluate_version
from scanner.risk.challengers import BOOSTING, SCORECARD, fit_challengers, load_challengers
from scanner.risk.comparison import compare
from scanner.risk.evaluation import average_precision
from scanner.risk.features import Floats, matrix_of
from scanner.risk.registry import CHAMPION_FILE, load_champion
from scanner.risk.training import fit, fit_rivals, write_version
from tests.risk.conftest import FACTS

SPECS = [FeatureSpec("a", 0), FeatureSpec("b", 0)]


def _crossed(seed: int) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Guilty where exactly one of both is high: no sum of one-feature steps can tell."""
    rng = np.random.default_rng(seed)
    matrix = rng.random((4000, 2))
    crossed = (matrix[:, 0] > 0.5) != (matrix[:, 1] > 0.5)
    labels = (rng.random(4000) < np.where(crossed, 0.3, 0.02)).astype(np.int64)
    return matrix, labels


def test_the_boosting_finds_what_only_two_features_together_tell() -> None:
    matrix, labels = _crossed(1)
    rows = np.arange(len(labels)) % 3 == 0
    rivals = fit_challengers(
        matrix, labels, np.ones(len(labels)), SPECS, calibration_rows=rows, seed=1
    )
    additive = fit_additive(
        matrix, labels, SPECS, calibration_rows=rows, seed=1, capacity=Capacity(rounds=100)
    )
    test, truth = _crossed(2)
    found = {rival.name: average_precision(rival.margin(test), truth) for rival in rivals}
    found["additive"] = average_precision(additive.tables.margin(test), truth)
    assert found[BOOSTING] > found["additive"] + 0.05
    assert found[BOOSTING] > found[SCORECARD] + 0.05


def test_the_scorecard_is_calibrated_and_knows_what_is_missing() -> None:
    rng = np.random.default_rng(3)
    matrix = rng.random((8000, 2))
    matrix[rng.random(8000) < 0.3, 1] = np.nan
    chance = 0.02 + 0.3 * (matrix[:, 0] > 0.7) + 0.2 * np.isnan(matrix[:, 1])
    labels = (rng.random(8000) < chance).astype(np.int64)
    rows = np.arange(8000) % 3 == 0
    card = fit_challengers(matrix, labels, np.ones(8000), SPECS, calibration_rows=rows, seed=1)[1]
    told = 1 / (1 + np.exp(-card.margin(matrix)))
    assert told.mean() == pytest.approx(labels.mean(), abs=0.01)
    high = matrix[:, 0] > 0.75
    assert told[high].mean() == pytest.approx(labels[high].mean(), abs=0.03)
    lost = np.isnan(matrix[:, 1])
    assert told[lost].mean() == pytest.approx(labels[lost].mean(), abs=0.03)


@pytest.fixture
def models(world: World, tmp_path: Path) -> Path:
    (tmp_path / "risk").mkdir()
    version = write_version(
        tmp_path, fit(world.data, seed=5), world.data, FACTS, fit_rivals(world.data, seed=5)
    )
    (tmp_path / "risk" / CHAMPION_FILE).write_text(version)
    return tmp_path


def test_kept_challengers_score_the_same_and_stand_in_the_evaluation(
    models: Path, world: World
) -> None:
    champion = load_champion(models)
    folder = models / "risk" / champion.version
    matrix = matrix_of(world.data.features)
    kept = load_challengers(folder)
    assert [rival.name for rival in kept] == [BOOSTING, SCORECARD]
    for made, read in zip(fit_rivals(world.data, seed=5), kept, strict=True):
        assert (made.margin(matrix) == read.margin(matrix)).all()
    found = evaluate_version(models, champion.version, seed=77, payments=1500)
    assert set(found["challengers"]) == {BOOSTING, SCORECARD}
    assert found["challengers"][SCORECARD]["rows"] == found["rows"]
    compared = compare_versions(models, None, seed=77, payments=1500)
    assert set(compared["challengers"]) == {BOOSTING, SCORECARD}
    recall = {v["recall"]["champion"] for v in compared["challengers"].values()}
    assert len(recall) == 1


@pytest.mark.parametrize("ending", ["skops", "json"])
def test_a_changed_challenger_is_refused(models: Path, ending: str) -> None:
    folder = models / "risk" / load_champion(models).version
    (path,) = folder.glob(f"challenger-*.{ending}")
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(IntegrityError) as refused:
        load_challengers(folder)
    assert refused.value.exit_code is ExitCode.INTEGRITY


def test_a_version_without_challengers_says_so(small_models: Path) -> None:
    assert load_challengers(small_models / "risk" / load_champion(small_models).version) == []
    with pytest.raises(UsageError, match="keeps no challengers"):
        compare_versions(small_models, None, seed=1, payments=500)


LABELS = np.array([1] * 200 + [0] * 9800, dtype=np.int64)
KINDS = ["T01"] * 150 + ["T05"] * 50 + ["ordinary"] * 9800


def _scores(seed: int, found: float, *, found_t05: float | None = None) -> Floats:
    """Scores that put a share of the guilty on top and the others into the crowd."""
    rng = np.random.default_rng(seed)
    scores = rng.random(len(LABELS))
    share = np.full(200, found)
    share[150:] = found if found_t05 is None else found_t05
    scores[:200] += rng.random(200) < share
    return scores


def test_a_model_is_not_better_than_itself() -> None:
    same = _scores(1, 0.6)
    verdict = compare(same, same, LABELS, KINDS, budget=0.02, seed=1)
    assert not verdict.passes
    assert verdict.gain_low == verdict.gain_high == 0


def test_a_better_model_passes_and_a_worse_one_does_not() -> None:
    weak, strong = _scores(1, 0.5), _scores(2, 0.8)
    assert compare(weak, strong, LABELS, KINDS, budget=0.02, seed=1).passes
    assert not compare(strong, weak, LABELS, KINDS, budget=0.02, seed=1).passes


def test_a_gain_that_costs_one_typology_does_not_pass() -> None:
    before, after = _scores(1, 0.5), _scores(2, 0.95, found_t05=0.1)
    verdict = compare(before, after, LABELS, KINDS, budget=0.02, seed=1)
    assert verdict.gain_low > 0
    assert set(verdict.losses) == {"T05"}
    assert not verdict.passes
    assert json.loads(json.dumps(verdict.as_dict()))["because"] == list(verdict.because)


def test_a_gain_within_chance_does_not_pass() -> None:
    before = _scores(1, 0.6)
    after = before.copy()
    missed = np.flatnonzero(before[:150] < 1)[0]
    after[missed] += 1
    verdict = compare(before, after, LABELS, KINDS, budget=0.02, seed=1)
    assert verdict.recall["challenger"] > verdict.recall["champion"]
    assert not verdict.passes
