"""Lines, recall floors and samples: the arithmetic, and the command on the demo's payments."""

import csv
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from scanner.cli.app import cli
from scanner.errors import UsageError
from scanner.pipeline.labels import read_labels
from scanner.risk.thresholds import recall_floor, wilson_interval

ROOT = Path(__file__).parent.parent.parent
DISPOSITIONS = ROOT / "sample_data" / "dispositions.csv"


def test_the_floor_is_the_score_of_the_kth_smallest_positive() -> None:
    """(50 + 1) * 0.05 = 2.55, so the second smallest; the miss rate follows Beta(2, 49)."""
    floor = recall_floor([n / 100 for n in range(1, 51)], [1] * 50, 0.05)
    assert floor.threshold == 0.02
    assert floor.expected_miss == pytest.approx(2 / 51)
    assert floor.worst_miss == pytest.approx(0.091, abs=0.005)


def test_the_floor_holds_over_many_draws() -> None:
    rng = np.random.default_rng(4)
    misses = []
    worst = 0.0
    for _ in range(1500):
        floor = recall_floor(rng.beta(4, 2, 60).tolist(), [1] * 60, 0.1)
        worst = floor.worst_miss
        misses.append((rng.beta(4, 2, 400) < floor.threshold).mean())
    assert np.mean(misses) == pytest.approx(6 / 61, abs=0.006)
    assert np.mean(np.asarray(misses) > worst) == pytest.approx(0.05, abs=0.035)


@pytest.mark.parametrize("scores", [[], [0.9] * 10])
def test_too_few_positives_let_everything_alert(scores: list[float]) -> None:
    floor = recall_floor(scores, [1] * len(scores), 0.02)
    assert (floor.threshold, floor.positives) == (0.0, len(scores))


def test_a_positive_that_stands_for_many_lowers_the_line() -> None:
    """One confirmed payment of a sample below the line speaks for the 40 that were not drawn."""
    scores = [0.1] + [0.5 + n / 200 for n in range(60)]
    plain = recall_floor(scores, [1] * 61, 0.1)
    weighed = recall_floor(scores, [40] + [1] * 60, 0.1)
    assert plain.threshold > 0.5
    assert weighed.threshold == 0.0
    assert weighed.positives < 10


def test_wilson_interval_of_a_known_case() -> None:
    found = wilson_interval(8, 10)
    assert found is not None
    assert found == pytest.approx((0.4902, 0.9433), abs=1e-3)
    assert wilson_interval(0, 0) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("reference,verdict\nA,1\n", "no column `label`"),
        ("label\n1\n", "which payments"),
        ("reference,label\nA,yes\n", "0 or 1"),
        ("reference,label,weight\nA,1,-2\n", "above 0"),
        ("reference,label,weight\nA,1,many\n", "above 0"),
        ("reference,label,inclusion\nA,1,1.5\n", "up to 1"),
        ("reference,label,inclusion\nA,1,0\n", "above 0"),
    ],
)
def test_labels_that_say_nothing_clear_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(UsageError, match=message):
        read_labels(path)


def test_a_sampled_label_stands_for_those_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("uetr,reference,label,weight,inclusion\nAB,R1,1,2,0.1\n,R2,,,\n,R3,0,,\n")
    one, two = read_labels(path)
    assert (dict(one.keys), one.label, one.weight) == ({"uetr": "ab", "reference": "R1"}, 1, 20.0)
    assert (dict(two.keys), two.label, two.weight) == ({"reference": "R3"}, 0, 1.0)


def _asked(*arguments: str) -> list[dict[str, Any]]:
    found = CliRunner().invoke(cli, ["model", "thresholds", *arguments])
    assert found.exit_code == 0, (found.stderr, found.exception)
    return [json.loads(line) for line in found.stdout.splitlines()]


def test_a_lower_line_alerts_more_and_catches_no_less(demo_workspace: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("".join(DISPOSITIONS.read_text().splitlines(keepends=True)[:30]))
    rows = _asked("-w", str(demo_workspace), "--labels", str(few))
    grid = [row for row in rows if row["rule"].startswith("line ")]
    assert [row["threshold"] for row in grid] == sorted(row["threshold"] for row in grid)
    for lower, higher in itertools.pairwise(grid):
        assert lower["alerts"] >= higher["alerts"]
        assert lower["recall"] >= higher["recall"]
    everything = next(row for row in rows if row["rule"] == "recall floor 98%")
    assert everything["threshold"] == 0.0
    assert everything["recall"] == 1.0
    assert "too few positives" in everything["promise"]
    assert {row["positives"] for row in rows} == {everything["positives"]}


def test_without_decisions_recall_is_not_known_rather_than_zero(demo_workspace: Path) -> None:
    rows = _asked("-w", str(demo_workspace))
    assert {row["recall"] for row in rows} == {None}
    assert {row["precision"] for row in rows} == {None}


def test_days_bound_what_is_counted(demo_workspace: Path) -> None:
    def alerts(*days: str) -> int:
        rows = _asked("-w", str(demo_workspace), *days)
        return next(int(row["alerts"]) for row in rows if row["rule"] == "review now")

    early, late = alerts("--to", "2024-07-31"), alerts("--from", "2024-08-01")
    assert early
    assert late
    # Credits without a value date are on no day, and are counted where no day is asked for.
    assert early + late == alerts("--from", "1900-01-01")
    assert early + late <= alerts()


def test_a_sample_is_repeatable_and_weighs_up_to_all_payments(demo_workspace: Path) -> None:
    where = ("-w", str(demo_workspace), "--labels", str(DISPOSITIONS))
    drawn = _asked(*where, "--sample", "8", "--seed", "3")
    assert drawn == _asked(*where, "--sample", "8", "--seed", "3")
    assert drawn != _asked(*where, "--sample", "8", "--seed", "4")
    counts = {s: sum(r["stratum"] == s for r in drawn) for s in {r["stratum"] for r in drawn}}
    assert counts["just below"] == counts["far below"] == 4
    # All that is open: drawn with so many that nothing is left.
    everything = _asked(*where, "--sample", "100000")
    assert {row["inclusion"] for row in everything} == {1.0}
    assert sum(1 / row["inclusion"] for row in drawn) == pytest.approx(len(everything))
    with DISPOSITIONS.open() as file:
        decided = {row["reference"] for row in csv.DictReader(file)}
    assert not decided & {row["reference"] for row in everything}


def test_a_judged_sample_can_be_given_back(demo_workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    _asked("-w", str(demo_workspace), "--sample", "6", "-o", str(path))
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    below = [row for row in rows if row["stratum"] == "far below"]
    for row in rows:
        row["label"] = "1" if row is below[0] else "0"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    found = _asked("-w", str(demo_workspace), "--labels", str(path))
    now = next(row for row in found if row["rule"] == "review now")
    assert (now["recall"], now["confirmed"]) == (0.0, 0)
    assert now["positives"] >= 1
