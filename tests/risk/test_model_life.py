"""The risk model's life: trained, judged, promoted by two people, refused when it is wrong."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from scanner.errors import IntegrityError, UsageError
from scanner.pipeline.simulated_world import World
from scanner.risk.evaluation import average_precision
from scanner.risk.features import declared, matrix_of
from scanner.risk.registry import (
    CHAMPION_FILE,
    load_champion,
    load_version,
)
from scanner.risk.scoring import score_batch
from scanner.risk.training import Labelled, fit, write_version

ROOT = Path(__file__).parent.parent.parent
FACTS = {"date": "2026-01-01", "seed": 5, "label_source": "test"}


@pytest.fixture
def models(world: World, tmp_path: Path) -> Path:
    """A registry with one version, which is the champion."""
    (tmp_path / "risk").mkdir()
    version = write_version(tmp_path, fit(world.data, seed=5), world.data, FACTS)
    (tmp_path / "risk" / CHAMPION_FILE).write_text(version)
    return tmp_path


def _changed(data: Labelled, labels: Any) -> Labelled:
    return Labelled(data.features, labels, data.weights, data.order, data.typologies)


def test_the_shipped_champion_loads_and_keeps_every_sign() -> None:
    champion = load_champion(ROOT / "models")
    assert champion.tables.names == tuple(feature.name for feature in declared())
    assert 0 < champion.review_at <= champion.escalate_at <= 1


def test_more_evidence_never_lowers_the_shipped_score(world: World) -> None:
    tables = load_champion(ROOT / "models").tables
    matrix = matrix_of(world.data.features)[:300]
    violations = 0
    for position, feature in enumerate(declared()):
        if not feature.monotone:
            continue
        known = matrix_of(world.data.features)[:, position]
        grid = np.unique(np.quantile(known[~np.isnan(known)], np.linspace(0, 1, 20)))
        previous = None
        for value in grid:
            moved = matrix.copy()
            moved[:, position] = value
            now = tables.probability(moved) * feature.monotone
            violations += 0 if previous is None else int((now < previous - 1e-12).sum())
            previous = now
    assert violations == 0


def test_contributions_of_the_reasons_add_up_to_the_margin(world: World) -> None:
    champion = load_champion(ROOT / "models")
    batch = world.data.features.slice(0, 500).to_batches()[0]
    scores, told = score_batch(batch, champion)
    margins = dict(
        zip(scores["transaction_id"].to_pylist(), scores["margin"].to_pylist(), strict=True)
    )
    sums = dict.fromkeys(margins, champion.tables.start)
    for row in told.to_pylist():
        sums[row["transaction_id"]] += row["contribution"]
    # Contributions under a twentieth of a log-odd are not told.
    reasons = len({feature.reason for feature in declared()})
    assert max(abs(sums[key] - margins[key]) for key in margins) <= 0.05 * reasons


def test_training_is_bit_reproducible(world: World) -> None:
    assert fit(world.data, seed=5).tables.to_json() == fit(world.data, seed=5).tables.to_json()


def test_shuffled_labels_teach_nothing(world: World) -> None:
    """Trained on one half with its labels shuffled, it knows nothing of the other half's."""
    half = np.arange(len(world.data.labels)) % 2 == 0
    rows = pa.array(np.flatnonzero(half))
    shuffled = Labelled(
        world.data.features.take(rows),
        np.random.default_rng(3).permutation(world.data.labels[half]),
        world.data.weights[half],
        world.data.order[half],
    )
    margin = fit(shuffled, seed=5).tables.margin(matrix_of(world.data.features))
    other = world.data.labels[~half]
    assert average_precision(margin[~half], other) <= 2 * other.mean()


def test_no_single_feature_carries_the_model(world: World) -> None:
    tables = load_champion(ROOT / "models").tables
    weight = np.abs(tables.contributions(matrix_of(world.data.features))).mean(axis=0)
    assert weight.max() / weight.sum() <= 0.5, dict(zip(tables.names, weight.round(3), strict=True))


def test_too_few_positives_are_refused(world: World) -> None:
    with pytest.raises(UsageError, match="too few"):
        fit(_changed(world.data, np.zeros_like(world.data.labels)), seed=1)


def test_an_analysts_decisions_lower_one_family_and_not_the_others(world: World) -> None:
    kinds = np.asarray(world.data.typologies)
    before = fit(world.data, seed=5).tables.margin(matrix_of(world.data.features))
    cleared = world.data.labels.copy()
    family = (kinds == "T05") & (cleared == 1)
    cleared[family] = 0
    after = fit(_changed(world.data, cleared), seed=5).tables.margin(matrix_of(world.data.features))
    listed = (kinds == "T01") & (world.data.labels == 1)
    assert family.sum() > 5
    assert (after - before)[family].mean() < -0.5
    assert abs((after - before)[listed].mean()) < 1.0


def test_a_changed_model_is_refused(models: Path) -> None:
    version = load_champion(models).version
    path = models / "risk" / version / "tables.json"
    path.write_text(path.read_text().replace("0", "1", 1))
    with pytest.raises(IntegrityError, match="changed"):
        load_champion(models)


def test_a_model_of_other_features_is_refused(models: Path) -> None:
    folder = models / "risk" / load_champion(models).version
    card = json.loads((folder / "card.json").read_text())
    card["features"] = card["features"][::-1]
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(IntegrityError, match="other features"):
        load_champion(models)


@pytest.mark.parametrize("name", ["", "..", "../x", "/etc"])
def test_a_version_name_leads_nowhere_else(models: Path, name: str) -> None:
    with pytest.raises(IntegrityError):
        load_version(models, name)
