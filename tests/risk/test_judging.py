"""The protocol: worlds are judged together with their spread; what is held out is not seen."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from scanner.pipeline.judging import is_known, judge, refit_splits
from scanner.pipeline.simulated_world import World
from scanner.pipeline.training import evaluate_version
from scanner.risk.evaluation import Rows, evaluate, headline
from scanner.risk.limits import GENERAL, limits_of
from scanner.risk.registry import load_champion
from scanner.risk.training import Labelled, fit


def part(world: World, kinds: set[str]) -> World:
    chosen = np.flatnonzero([kind in kinds for kind in world.data.typologies])
    data = world.data
    return World(
        Labelled(
            data.features.take(pa.array(chosen)),
            data.labels[chosen],
            data.weights[chosen],
            data.order[chosen],
            tuple(data.typologies[row] for row in chosen),
            tuple(data.eras[row] for row in chosen),
        ),
        {code: strength[chosen] for code, strength in world.indicators.items()},
        tuple(world.schemes[row] for row in chosen),
        tuple(world.counterparties[row] for row in chosen),
    )


@pytest.fixture(scope="module")
def few(world: World) -> World:
    return part(world, {"ordinary", "T06", "T07", "T09", "T12", "T16", "T17"})


def test_a_scheme_is_found_by_any_of_its_payments() -> None:
    labels = np.array([1, 1, 1, 1] + [0] * 396, dtype=np.int64)
    scores = np.array([9.0, -9, -9, -9] + [0.0] * 396)
    rows = Rows(labels, ["T07"] * 4 + ["ordinary"] * 396, schemes=["a", "a", "b", "b"] + [""] * 396)
    assert evaluate(scores, rows)["typologies"]["T07"] == {
        "payments": 4, "recall": 0.25, "schemes": 2, "schemes_found": 0.5,
    }  # fmt: skip


def test_the_best_single_indicator_is_the_best_one_and_no_mixture() -> None:
    labels = np.array([1] * 10 + [0] * 990, dtype=np.int64)
    half = np.array([1.0] * 5 + [0.0] * 995)
    other = np.array([0.0] * 5 + [1.0] * 4 + [0.0] * 991)
    noise = np.array([0.0] * 10 + [1.0] * 10 + [0.0] * 980)
    rows = Rows(
        labels,
        ["T01"] * 10 + ["ordinary"] * 990,
        singles={"RF-01": other, "RF-02": half, "RF-03": noise},
    )
    found = headline(labels.astype(float), rows)
    assert found["model_recall"] == 1.0
    strengths = evaluate(labels.astype(float), rows)["budgets"]["operating"]
    assert strengths["best_single_indicator"]["recall"] == found["best_single_indicator_recall"]
    alone = [
        evaluate(one, rows)["budgets"]["operating"]["model"]["recall"] for one in (half, other)
    ]
    assert found["best_single_indicator_recall"] == max(alone)


def test_look_alikes_are_told_as_a_multiple_of_everyday_payments() -> None:
    labels = np.array([1] * 4 + [0] * 996, dtype=np.int64)
    scores = np.zeros(1000)
    scores[:4] = 9
    scores[[4, 5, 500, 501]] = 5  # two look-alikes, two everyday payments
    scores[502:504] = 4
    rows = Rows(labels, ["T01"] * 4 + ["N1"] * 96 + ["ordinary"] * 900)
    found = evaluate(scores, rows)
    assert found["look_alikes"]["N1"] == {
        "payments": 96, "false_alerts": 2, "times_ordinary": pytest.approx((2 / 96) / (4 / 900)),
    }  # fmt: skip


def test_the_same_world_twice_has_no_spread(few: World) -> None:
    model = fit(few.data, seed=5)
    once, twice = (judge(model.tables.margin, dict.fromkeys(range(count), few)) for count in (1, 2))
    assert twice["rows"] == 2 * once["rows"]
    assert twice["average_precision"] == pytest.approx(once["average_precision"])
    seeds = twice["spread"]["seeds"]
    assert all(of_it["least"] == of_it["most"] for of_it in seeds.values())
    assert set(twice["by_window"]) == {"1", "2", "3", "4", "5"}
    windows = sum(one["payments"] for one in twice["by_window"].values())
    assert windows == twice["rows"]


def test_what_is_held_out_is_judged_and_was_not_fitted(few: World) -> None:
    found = refit_splits(few, {1: few}, seed=5)
    held = found["typology_held_out"]
    assert set(held) == {"mean_recall", "T06", "T07", "T09", "T12", "T16", "T17"}
    seen = judge(fit(few.data, seed=5).tables.margin, {1: few})["typologies"]
    # Having seen a typology can only help in the mean.
    assert held["mean_recall"] <= np.mean([one["recall"] for one in seen.values()]) + 0.02
    for name in ("time", "counterparty_disjoint"):
        assert 0 < found[name]["payments"] < 0.5 * len(few.data.labels)
    days = few.data.order
    later = (days > np.quantile(days, 0.7)).sum()
    assert found["time"]["payments"] == later


def test_no_party_stands_on_both_sides_of_the_disjoint_split(few: World) -> None:
    left = {party for party in few.counterparties if not is_known(party)}
    share = np.mean([party in left for party in few.counterparties])
    assert 0.15 < share < 0.55


def test_the_card_names_what_is_missed(few: World) -> None:
    truth = few.data.labels.astype(np.float64)
    nobody = judge(lambda matrix: np.zeros(len(matrix)), {1: few})
    words = limits_of(nobody)
    assert words.startswith(GENERAL)
    assert "Typologies found in less than 70 of 100 payments" in words
    perfect = judge(lambda _matrix: 10 * truth - 5, {1: few})
    assert "Typologies found in less" not in limits_of(perfect)
    # More than 1 percent of these payments are guilty: no model finds all at 1 percent.
    assert "no model can find more than" in limits_of(perfect)


def test_evaluating_leaves_the_kept_evaluation_unless_asked(
    world: World, tmp_path: Path, small_models: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(small_models, models)
    version = load_champion(models).version
    path = models / "risk" / version / "evaluation.json"
    path.write_text('{"rows": 1}')
    found = evaluate_version(models, version, seed=77, payments=600)
    assert path.read_text() == '{"rows": 1}'
    again = evaluate_version(models, version, seed=77, payments=600, keep=True)
    assert again == found
    assert json.loads(path.read_text()) == json.loads(json.dumps(found))
