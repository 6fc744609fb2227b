"""A night costs the night and not the archive: days scanned one after the other.

Each day is scanned by a process of its own. Short form: four small days, whose rows are
counted. Long form: 90 days (SCANNER_BENCH_DAYS; payments a day by SCANNER_BENCH_PAYMENTS_A_DAY,
the size of the world by SCANNER_BENCH_DEALS_OF_WORLD), of which the last may take at most 1.3
times the processor time of the tenth, each as the median of five. Both say how many payments a
second the last day made from its file to its published alerts, by the clock and by the
processor, and against reading alone.
"""

import json
import os
import statistics
import sys
from pathlib import Path

import pytest

from scanner.warehouse.readonly import Snapshot
from tests.bench.nights import make_bank, read_alone, scan_night

LONG = os.environ.get("SCANNER_BENCH") == "long"
DAYS = int(os.environ.get("SCANNER_BENCH_DAYS", "90")) if LONG else 4
PAYMENTS = int(os.environ.get("SCANNER_BENCH_PAYMENTS_A_DAY", "2000")) if LONG else 60
DEALS_OF_WORLD = int(os.environ.get("SCANNER_BENCH_DEALS_OF_WORLD", "24000"))
EARLY_DAY = 10
MOST_GROWTH = 1.3
MOST_MEMORY_MB = 3_000


@pytest.mark.bench
def test_a_night_costs_the_night(tmp_path: Path) -> None:
    bank = make_bank(
        tmp_path, days=DAYS, payments_a_day=PAYMENTS, most_deals_of_a_world=DEALS_OF_WORLD
    )
    nights = []
    for number, day in enumerate(bank.days, 1):
        nights.append(scan_night(bank, day))
        sys.stdout.write(f"day {number}: {json.dumps(nights[-1])}\n")
    read = sum(night["transactions"] for night in nights)
    assert len(nights) == DAYS
    assert read >= DAYS * PAYMENTS * 0.8
    with Snapshot.open(bank.workspace / "exposure.duckdb") as snapshot:
        assert snapshot.rows("SELECT count(*) FROM transactions") == [(read,)]
        assert snapshot.rows("SELECT count(*), count(DISTINCT run_id) FROM scores") == [
            (read, DAYS)
        ]
    assert max(night["peak_mb"] for night in nights) < MOST_MEMORY_MB
    last, reading = nights[-1], read_alone(bank.days[-1])
    assert reading["transactions"] == last["transactions"]
    assert set(last["stages"]) >= {"read", "link", "screen", "assess", "score", "write", "publish"}
    throughput = {
        "payments_a_second": last["transactions"] / last["wall_seconds"],
        "payments_a_cpu_second": last["transactions"] / last["cpu_seconds"],
        "times_reading_alone": last["cpu_seconds"] / reading["cpu_seconds"],
    }
    sys.stdout.write(f"from file to alerts: {json.dumps(throughput)}\n")
    if LONG:
        # A night's work follows its transactions, which differ from day to day.
        spent = [night["cpu_seconds"] / night["transactions"] for night in nights]
        early = statistics.median(spent[EARLY_DAY - 3 : EARLY_DAY + 2])
        growth = statistics.median(spent[-5:]) / early
        sys.stdout.write(f"day {DAYS} costs {growth:.2f} of day {EARLY_DAY}\n")
        assert growth <= MOST_GROWTH
