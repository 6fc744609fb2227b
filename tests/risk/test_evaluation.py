"""The judge is right on cases whose answer is known."""

import numpy as np
import pytest

from scanner.risk.evaluation import Rows, average_precision, evaluate, taken_at_budget


def test_average_precision_of_known_rankings() -> None:
    labels = np.array([1, 0, 1, 0], dtype=np.int64)
    assert average_precision(np.array([4.0, 3, 2, 1]), labels) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.array([4.0, 1, 3, 2]), labels) == pytest.approx(1.0)
    assert average_precision(np.ones(4), labels) == pytest.approx(0.5)


def test_scores_that_know_nothing_reach_the_base_rate() -> None:
    rng = np.random.default_rng(1)
    labels = (rng.random(20000) < 0.05).astype(np.int64)
    assert average_precision(rng.random(20000), labels) == pytest.approx(0.05, abs=0.01)


def test_a_budget_takes_its_share_and_no_more() -> None:
    scores = np.arange(1000, dtype=float)
    taken = taken_at_budget(scores, 0.01)
    assert taken.sum() == 10
    assert np.flatnonzero(taken).min() == 990


def test_the_rivals_get_the_same_number_of_alerts() -> None:
    labels = np.array([1] * 10 + [0] * 990, dtype=np.int64)
    right, wrong = labels.astype(float), 1 - labels.astype(float)
    kinds = ["T01"] * 10 + ["ordinary"] * 990
    found = evaluate(right, Rows(labels, kinds, {"rival": wrong}))
    assert found["budgets"]["0.01"]["model"] == {
        "recall": 1.0, "precision": 1.0, "most_possible_recall": 1.0,
    }  # fmt: skip
    assert found["budgets"]["0.01"]["rival"]["recall"] == 0.0
    assert found["recall_by_typology"] == {"T01": 1.0}
    assert found["false_positive_rate"]["ordinary"] == 0.0
