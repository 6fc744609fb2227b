"""The model as tables: an analyst's SQL gives scikit-learn's scores and every contribution."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from scanner.additive.artifact import load_estimator
from scanner.cli.app import cli
from scanner.pipeline.models import shipped
from scanner.risk.features import declared, matrix_of
from scanner.risk.registry import load_champion
from scanner.warehouse.readonly import Snapshot


@pytest.fixture(scope="module")
def snapshot(demo_workspace: Path) -> Any:
    with Snapshot.open(demo_workspace / "exposure.duckdb") as opened:
        yield opened


def test_sql_gives_the_scores_of_scikit_learn(snapshot: Snapshot) -> None:
    models = shipped("models")
    champion = load_champion(models)
    features = snapshot.arrow("FROM features ORDER BY transaction_id")
    expected = load_estimator(models / "risk" / champion.version).predict_proba(matrix_of(features))
    found = snapshot.records("FROM scores_by_sql() ORDER BY transaction_id")
    assert [row["transaction_id"] for row in found] == features["transaction_id"].to_pylist()
    assert len(found) > 400
    told = np.array([row["model_score"] for row in found])
    assert np.abs(told - expected[:, 1]).max() < 1e-9
    stored = snapshot.records("SELECT model_score, margin FROM scores ORDER BY transaction_id")
    assert np.abs(told - [row["model_score"] for row in stored]).max() < 1e-9
    assert (
        np.abs(np.array([r["margin"] for r in found]) - [r["margin"] for r in stored]).max() < 1e-9
    )


def test_every_feature_of_a_payment_has_one_contribution_and_they_add_up(
    snapshot: Snapshot,
) -> None:
    start = snapshot.records("SELECT start_log_odds FROM models")[0]["start_log_odds"]
    asked = snapshot.records(
        "SELECT transaction_id, margin FROM scores ORDER BY model_score DESC LIMIT 5"
    )
    for payment in asked:
        rows = snapshot.records("FROM contributions_of($k)", {"k": payment["transaction_id"]})
        assert sorted(row["feature"] for row in rows) == sorted(f.name for f in declared())
        total = start + sum(row["contribution"] for row in rows)
        assert total == pytest.approx(payment["margin"], abs=1e-9)


def test_what_is_said_to_be_enough_is_enough(snapshot: Snapshot) -> None:
    """Each way out, put back into the model, brings the score under the line."""
    champion = load_champion(shipped("models"))
    features = snapshot.arrow("FROM features ORDER BY transaction_id")
    place = {key: n for n, key in enumerate(features["transaction_id"].to_pylist())}
    names = [feature.name for feature in declared()]
    matrix = matrix_of(features)
    alerted = snapshot.records(
        "SELECT s.transaction_id FROM scores AS s JOIN models AS m USING (model_version)"
        " WHERE s.model_score >= m.review_at ORDER BY s.transaction_id"
    )
    enough = 0
    for payment in alerted:
        key = payment["transaction_id"]
        for row in snapshot.records("FROM would_have_to_change($k)", {"k": key}):
            changed = matrix[place[key]].copy()
            lower = row["then_up_to"] is not None and row["then_up_to"] < row["value"]
            changed[names.index(row["feature"])] = (
                row["then_up_to"] if lower else np.nextafter(row["then_above"], np.inf)
            )
            score = float(champion.tables.probability(changed[np.newaxis])[0])
            assert score == pytest.approx(row["then_score"], abs=1e-9)
            assert row["is_enough"] == (score < champion.review_at)
            enough += row["is_enough"]
    assert enough > 5


def test_a_payment_that_does_not_alert_has_nothing_to_change(snapshot: Snapshot) -> None:
    quiet = snapshot.records("SELECT transaction_id FROM scores ORDER BY model_score LIMIT 1")
    key = quiet[0]["transaction_id"]
    assert snapshot.records("FROM would_have_to_change($k)", {"k": key}) == []


def test_an_analyst_asks_it_on_the_command_line(demo_workspace: Path) -> None:
    asked = (
        "select reason, feature, contribution from contributions_of((select reference from scores"
        " order by margin desc limit 1)) order by abs(contribution) desc limit 3"
    )
    found = CliRunner().invoke(cli, ["sql", asked, "-w", str(demo_workspace)])
    assert found.exit_code == 0, found.exception
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert len(rows) == 3
    assert rows[0]["contribution"] > 0
