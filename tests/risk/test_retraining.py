"""Training on a bank's own decisions: what is cleared falls, what obliges stays, weights hold."""

import csv
import json
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from scanner import watchlists
from scanner.additive.artifact import load_card
from scanner.additive.feature_spec import FeatureSpec
from scanner.cli.app import cli
from scanner.pipeline.decided_training import Sources, train_on_own
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.scan import scan
from scanner.pipeline.simulated_world import World
from scanner.pipeline.workspace import Workspace
from scanner.risk.features import declared
from scanner.risk.registry import CHAMPION_FILE, load_version
from scanner.risk.weights import capped, effective_rows, order_within, weigh_unlabelled
from scanner.settings import Settings
from scanner.simulate import Plan, simulate
from scanner.warehouse import load_relations

FAMILY = "T16"
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def scanned(small_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world and a workspace in which the small champion scored it."""
    root = tmp_path_factory.mktemp("retraining")
    simulate(Plan(seed=8, payments=2500, guilty_share=0.12), root / "world")
    _scan(root, "w", small_models)
    return root


def _scan(root: Path, name: str, models: Path) -> list[dict[str, Any]]:
    place = Workspace(root / name)
    place.create()
    world = root / "world"
    watchlists.update(world / "lists", place.lists, loaded_on=date(2025, 1, 1))
    request = ScanRequest(
        (str(world / "payments"),),
        customers=world / "customers.csv",
        ownership=world / "ownership.csv",
    )
    scan(request, Settings(workspace=str(place.root), models=str(models)), today=TODAY)
    (run,) = [path for path in place.runs.iterdir() if path.is_dir()]
    rows: list[dict[str, Any]] = pq.read_table(run / "scores.parquet").to_pylist()
    return rows


def _truth(root: Path) -> dict[str, tuple[str, int]]:
    with (root / "world" / "truth.csv").open() as file:
        return {r["reference"]: (r["typology"], int(r["guilty"])) for r in csv.DictReader(file)}


def _decisions(root: Path, path: Path, *, clear: str | None) -> Path:
    """Every deal decided rightly, but for one family whose guilty ones an analyst clears."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("reference", "label"))
        for reference, (kind, guilty) in _truth(root).items():
            writer.writerow((reference, 0 if kind == clear else guilty))
    return path


def _scores_by_kind(root: Path, rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows of `scores` by typology; the guilty ones alone, the others as `innocent`."""
    truth = _truth(root)
    made: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        kind, guilty = truth.get(row["reference"], ("none", 0))
        made.setdefault(kind if guilty else "innocent", []).append(row)
    return made


def _trained(root: Path, models: Path, world: World, clear: str | None) -> str:
    labels = _decisions(root, models / f"labels-{clear}.csv", clear=clear)
    version = train_on_own(
        Settings(workspace=str(root / "w")),
        Sources(labels=(labels,), simulated_weight=0.2),
        models,
        seed=3,
        trained_on=TODAY,
        simulated=world,
    )
    (models / "risk" / CHAMPION_FILE).write_text(version)
    return version


def test_clearing_one_family_lowers_it_and_nothing_else_and_obligations_stay(
    scanned: Path, world: World, small_models: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(small_models, models)
    _trained(scanned, models, world, None)
    confirmed = _scan(scanned, "confirmed", models)
    _trained(scanned, models, world, FAMILY)
    cleared = _scan(scanned, "cleared", models)

    before, after = _scores_by_kind(scanned, confirmed), _scores_by_kind(scanned, cleared)
    change = {
        kind: float(
            np.mean([row["margin"] for row in after[kind]])
            - np.mean([row["margin"] for row in rows])
        )
        for kind, rows in before.items()
    }
    assert len(before[FAMILY]) >= 10
    fallen = change.pop(FAMILY)
    assert fallen < -2
    # Margins are log-odds. Kinds that share evidence with the family (money passed on, several
    # signs together) move a little with it, none of them by half as much.
    assert max(map(abs, change.values())) < -fallen / 2, (fallen, change)

    def alerting(rows: list[dict[str, Any]]) -> float:
        return float(np.mean([row["band"] != "clear" for row in rows]))

    assert alerting(after[FAMILY]) < alerting(before[FAMILY]) - 0.5
    others = [kind for kind in before if kind not in (FAMILY, "innocent")]
    now = alerting([row for kind in others for row in after[kind]])
    assert now > alerting([row for kind in others for row in before[kind]]) - 0.05

    obliged = [
        {
            row["transaction_id"]: (row["obligation_codes"], row["limb_persons"])
            for row in rows
            if row["obligation"]
        }
        for rows in (confirmed, cleared)
    ]
    assert len(obliged[0]) > 10
    assert obliged[0] == obliged[1]
    assert "clear" not in {row["band"] for row in cleared if row["obligation"]}


def test_the_card_says_what_each_source_weighs(scanned: Path, world: World, tmp_path: Path) -> None:
    truth = _truth(scanned)
    labels = tmp_path / "labels.csv"
    guilty = [key for key, (_, label) in truth.items() if label][:120]
    innocent = [key for key, (_, label) in truth.items() if not label][:200]
    rows = [f"{key},1,1," for key in guilty] + [f"{key},0,1,0.01" for key in innocent]
    labels.write_text("reference,label,weight,inclusion\n" + "\n".join(rows) + "\n")
    (tmp_path / "risk").mkdir()
    version = train_on_own(
        Settings(workspace=str(scanned / "w")),
        Sources(labels=(labels,), unlabelled=500, simulated_weight=0.5),
        tmp_path,
        seed=3,
        trained_on=TODAY,
        simulated=world,
    )
    card = load_card(tmp_path / "risk" / version)
    mix = card["mix"]
    assert mix["decided_rows"] >= 280
    assert mix["weights_cut"] >= 150  # 1 / 0.01 is above the most
    assert mix["weight"] == pytest.approx(mix["positives"] + 50 * mix["weights_cut"])
    assert mix["effective_rows"] < mix["decided_rows"]
    assert mix["unlabelled_rows"] == 500
    assert 0 < mix["propensity_of_a_label"] <= 1
    assert mix["simulated_weight"] == 0.5
    assert "decisions" in card["label_source"]
    assert "simulated" in card["label_source"]
    assert 0.05 <= card["thresholds"]["review_at"] <= card["thresholds"]["escalate_at"] <= 1


def test_the_command_trains_on_the_log_of_decisions(scanned: Path, tmp_path: Path) -> None:
    """Without any decision there is nothing to learn from, and the command says so."""
    arguments = ["model", "train", "--decisions", "-w", str(scanned / "w"), "--into", str(tmp_path)]
    found = CliRunner().invoke(cli, arguments)
    assert "too few to train on" in str(found.exception)


def _hidden(seed: int, labelled: float) -> tuple[Any, Any, Any]:
    """Guilty and innocent payments, of whose guilty ones a share is labelled at random."""
    rng = np.random.default_rng(seed)
    guilty = rng.random(12000) < 0.1
    matrix = np.column_stack([rng.normal(np.where(guilty, 3.0, 0.0), 1), rng.normal(0, 1, 12000)])
    return matrix, guilty, guilty & (rng.random(12000) < labelled)


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_unlabelled_payments_weigh_as_many_guilty_ones_as_are_hidden(share: float) -> None:
    matrix, guilty, seen = _hidden(2, share)
    specs = [FeatureSpec("told", 1), FeatureSpec("noise", 0)]
    found = weigh_unlabelled(matrix[seen], matrix[~seen], specs, weight=1.0, seed=1)
    assert found.propensity == pytest.approx(share, abs=0.12)
    hidden = int((guilty & ~seen).sum())
    assert found.guilty.sum() == pytest.approx(hidden, rel=0.35)
    of_hidden = guilty[~seen]
    assert found.guilty[of_hidden].mean() > 10 * found.guilty[~of_hidden].mean()


def test_weights_are_capped_and_counted() -> None:
    weights, cut = capped(np.array([1.0, 49.0, 51.0, 1000.0]))
    assert (weights.tolist(), cut) == ([1.0, 49.0, 50.0, 50.0], 2)
    assert effective_rows(np.ones(7)) == pytest.approx(7)
    assert effective_rows(np.array([1.0, 0, 0])) == pytest.approx(1)


def test_each_source_is_split_by_its_own_calendar() -> None:
    """Simulated payments of 2024 and own ones of 2026: both must fit, and both calibrate."""
    own, simulated = np.arange(739000, 739100), np.arange(738500, 738900)
    order = np.concatenate([order_within(own), order_within(simulated)])
    late = order > np.quantile(order, 0.7)
    assert late[:100].mean() == pytest.approx(0.3, abs=0.02)
    assert late[100:].mean() == pytest.approx(0.3, abs=0.02)


def test_no_rule_and_no_alert_is_a_feature() -> None:
    """A model that sees what alerted would learn the rules that chose its labels."""
    words = Counter(word for f in declared() for word in re.split("[_0-9]+", f.name))
    assert not set(words) & {"rule", "alert", "indicator", "obligation", "band", "code", "decision"}
    forbidden = {"indicators", "obligations", "alerts", "scores", "decisions", "limbs", "scored"}
    for relation in load_relations("features"):
        assert not set(relation.reads) & forbidden, relation.name


def test_a_model_of_labels_alone_keeps_every_sign(scanned: Path, tmp_path: Path) -> None:
    labels = _decisions(scanned, tmp_path / "labels.csv", clear=None)
    (tmp_path / "risk").mkdir()
    version = train_on_own(
        Settings(workspace=str(scanned / "w")),
        Sources(labels=(labels,), later_listings=True),
        tmp_path,
        seed=3,
        trained_on=TODAY,
    )
    assert load_version(tmp_path, version).version == version
    assert json.loads((tmp_path / "risk" / version / "card.json").read_text())["mix"]["positives"]
