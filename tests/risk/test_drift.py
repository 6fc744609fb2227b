"""Drift says what has shifted, by how much, and keeps quiet about chance."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from scanner.additive import FeatureSteps, StepTables
from scanner.cli.app import cli
from scanner.errors import ExitCode, IntegrityError
from scanner.risk.distribution import ERAS, SCORE, Counting, Distribution, bin_edges, era_of
from scanner.risk.drift import drift, psi_of
from scanner.risk.features import Floats

TABLES = StepTables(
    base=-2.0,
    features=(
        FeatureSteps("flag", 1, np.array([0.5]), np.array([0.0, 1.0]), 0.0),
        FeatureSteps("amount", 0, np.array([8.0]), np.array([0.0, 0.5]), 0.2),
    ),
    slope=1.0,
    intercept=0.0,
)


def _matrix(seed: int, rows: int = 5000, *, flagged: float = 0.1, shift: float = 0.0) -> Floats:
    rng = np.random.default_rng(seed)
    amount = rng.normal(8 + shift, 2, rows)
    amount[rng.random(rows) < 0.05] = np.nan
    return np.column_stack([(rng.random(rows) < flagged).astype(float), amount])


def _eras(rows: int) -> list[str]:
    return ["MT" if row % 2 else "MX" for row in range(rows)]


def _counted(matrix: Floats, edges: dict[str, Floats], eras: list[str] | None = None) -> object:
    counting = Counting(edges, TABLES)
    for part in np.array_split(np.arange(len(matrix)), 3):
        chosen = eras or _eras(len(matrix))
        counting.add(matrix[part], [chosen[row] for row in part])
    return counting.made()


def _drift(then: Floats, now: Floats, eras: list[str] | None = None) -> dict[tuple[str, str], str]:
    edges = bin_edges(then, TABLES)
    one, two = _counted(then, edges), _counted(now, edges, eras)
    assert isinstance(one, Distribution)
    assert isinstance(two, Distribution)
    return {(row.era, row.feature): row.outcome for row in drift(one, two)}


def test_psi_of_a_known_case() -> None:
    """Shares 50/50 against 90/10: (0.9-0.5)*ln(0.9/0.5) + (0.1-0.5)*ln(0.1/0.5) = 0.879."""
    psi, chance = psi_of(np.array([50000, 50000]), np.array([90000, 10000]))
    assert psi == pytest.approx(0.8789, abs=1e-3)
    # 99 percent of chi-square with one degree is 6.635.
    assert chance == pytest.approx(6.635 * 2 / 100000, rel=1e-3)


def test_the_chance_level_is_what_chance_reaches() -> None:
    rng = np.random.default_rng(11)
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    above = 0
    for _ in range(2000):
        psi, chance = psi_of(rng.multinomial(3000, shares), rng.multinomial(800, shares))
        above += psi > chance
    assert 4 <= above <= 45  # 1 percent of 2000 is 20


def test_unchanged_payments_raise_nothing() -> None:
    assert set(_drift(_matrix(1), _matrix(2)).values()) == {"steady"}


def test_a_shift_is_found_in_the_feature_that_shifted_and_in_no_other() -> None:
    found = _drift(_matrix(1), _matrix(2, shift=2.5))
    assert {found[(era, "amount")] for era in ERAS} == {"alert"}
    assert {found[(era, "flag")] for era in ERAS} == {"steady"}


def test_a_shift_in_one_era_does_not_alert_in_the_other() -> None:
    now, eras = _matrix(2), _eras(5000)
    of_mx = np.array([era == "MX" for era in eras])
    now[of_mx, 1] += 3
    found = _drift(_matrix(1), now, eras)
    assert (found[("MX", "amount")], found[("MT", "amount")]) == ("alert", "steady")


def test_a_value_that_is_no_longer_known_is_a_shift() -> None:
    now = _matrix(2)
    now[:, 1] = np.nan
    assert _drift(_matrix(1), now)[("all", "amount")] == "alert"


def test_the_score_shifts_with_what_it_rests_on() -> None:
    assert _drift(_matrix(1), _matrix(2, flagged=0.8))[("all", SCORE)] == "alert"


def test_few_payments_do_not_alert_by_chance() -> None:
    assert "alert" not in _drift(_matrix(1), _matrix(3, 12)).values()


def test_an_era_without_payments_is_not_assessable_and_not_steady() -> None:
    found = _drift(_matrix(1), _matrix(2), ["MX"] * 5000)
    assert {found[("MT", name)] for name in ("flag", "amount", SCORE)} == {"not_assessable"}


@pytest.mark.parametrize(
    ("name", "era"),
    [("MT103", "MT"), ("pacs.008.001.08", "MX"), ("camt.056.001.08", "MX"), (None, "MT")],
)
def test_eras(name: str | None, era: str) -> None:
    assert era_of(name) == era


def test_a_distribution_reads_back_and_a_changed_one_is_refused() -> None:
    matrix = _matrix(1)
    made = _counted(matrix, bin_edges(matrix, TABLES))
    assert isinstance(made, Distribution)
    assert Distribution.from_json(made.to_json()).to_json() == made.to_json()
    data = json.loads(made.to_json())
    data["counts"]["MT"]["flag"][0] += 1
    with pytest.raises(IntegrityError, match="do not fit"):
        Distribution.from_json(json.dumps(data))
    with pytest.raises(IntegrityError):
        Distribution.from_json("[]")


def test_the_command_compares_with_training_and_with_a_run(
    demo_workspace: Path, small_models: Path
) -> None:
    where = ["-w", str(demo_workspace), "--into", str(small_models)]
    found = CliRunner().invoke(cli, ["model", "drift", *where])
    assert found.exit_code == 0, found.stderr
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert {row["era"] for row in rows} == set(ERAS)
    assert all(row["rows_now"] > 0 for row in rows)
    # Set so low, some feature of another world alerts; and the run with itself never does.
    low = ["--watch-at", "0.001", "--alert-at", "0.001", "--fail-on-alert"]
    failed = CliRunner().invoke(cli, ["model", "drift", *where, *low])
    assert failed.exception is not None
    assert getattr(failed.exception, "exit_code", None) is ExitCode.FAIL_ON_REACHED
    same = CliRunner().invoke(cli, ["model", "drift", *where, "--against", "000001", *low])
    assert same.exit_code == 0, same.exception
    assert {json.loads(line)["psi"] for line in same.stdout.splitlines()} == {0.0}
