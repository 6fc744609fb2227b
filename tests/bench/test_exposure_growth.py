"""Assessing takes time that grows no faster than the payments, in bounded memory.

Two sizes are assessed side by side in one run. Long form: 100 thousand and a million
payments (three million with SCANNER_BENCH_LARGEST set), each with 90 days of history.
"""

import os
import resource
import time
from pathlib import Path

import pytest

from scanner.exposure import assess
from scanner.warehouse import Warehouse
from tests.bench.synthetic_payments import fill
from tests.exposure.world import World

LONG = os.environ.get("SCANNER_BENCH") == "long"
SMALL, LARGE = (100_000, 1_000_000) if LONG else (2_000, 20_000)
if LONG and os.environ.get("SCANNER_BENCH_LARGEST"):
    LARGE = 3_000_000
MEMORY_MB = 1_200 if LONG else 300
# Sorting grows a little faster than the rows; a self-join would grow with their square.
GROWTH_ALLOWED = 1.5
PEAK_MB_ALLOWED = 2_000


def assessed_seconds(folder: Path, payments: int) -> float:
    folder.mkdir()
    warehouse = (
        World()
        .entry("OFAC-SDN:1", "NOBODY")
        .warehouse(
            lambda: Warehouse(
                folder / "work.duckdb",
                memory_limit_mb=MEMORY_MB,
                threads=2,
                spill_dir=folder / "spill",
            )
        )
    )
    with warehouse:
        fill(warehouse, payments)
        started = time.perf_counter()
        assess(warehouse)
        spent = time.perf_counter() - started
        assert warehouse.count("transfer_facts") == payments
        assert warehouse.count("limbs") == payments
        assert warehouse.row("SELECT count(DISTINCT code) FROM indicators")[0] >= 10
    return spent


@pytest.mark.bench
def test_time_grows_no_faster_than_the_payments(tmp_path: Path) -> None:
    small = assessed_seconds(tmp_path / "small", SMALL)
    large = assessed_seconds(tmp_path / "large", LARGE)
    growth = large / small / (LARGE / SMALL)
    print(f"\n{SMALL} in {small:.1f} s, {LARGE} in {large:.1f} s")  # noqa: T201 - the result
    assert growth <= GROWTH_ALLOWED
    if LONG:  # on its own the process holds nothing but the two runs
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"peak {peak_mb} MB")  # noqa: T201 - the result
        assert peak_mb <= PEAK_MB_ALLOWED
