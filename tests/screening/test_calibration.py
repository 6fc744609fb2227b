"""The curve of thresholds: it falls and rises as it must, and counts what it says."""

import pytest

from scanner.screening import Index, calibration, screen_names
from tests.screening.test_name_cases import index

__all__ = ["index"]

OWN = ["TARVEKSIM RADAR ZAVOD", "MORNING FIELDS BAKERY GMBH", "VELNOR TEXTILES LTD"] * 2


def test_alerts_fall_and_misses_rise_with_the_threshold(index: Index) -> None:
    rows = calibration(OWN, index).to_pylist()
    alerts = [row["own_names_alerted"] for row in rows]
    misses = [row["missed_share"] for row in rows]
    assert alerts == sorted(alerts, reverse=True)
    assert misses == sorted(misses)
    assert misses[-1] > misses[0]
    assert all(row["missed_share"] < row["missed_share_at_most"] <= 1 for row in rows)


@pytest.mark.parametrize("threshold", [0.5, 0.9])
def test_a_row_counts_distinct_names_as_screening_does(index: Index, threshold: float) -> None:
    row = next(r for r in calibration(OWN, index).to_pylist() if r["min_score"] == threshold)
    found = screen_names(sorted(set(OWN)), index, min_score=threshold).to_pylist()
    assert row["own_names"] == 3
    assert row["own_names_alerted"] == len({r["name"] for r in found})
    assert row["alerts_per_thousand_names"] == pytest.approx(
        1000 * row["own_names_alerted"] / 3, abs=0.001
    )
