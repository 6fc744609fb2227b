"""How long lists and ownership take, as ratios to plain work on the same data in the same run."""

import csv
import io
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from scanner import screening, watchlists
from scanner.schema import TABLES
from scanner.warehouse import Warehouse
from scanner.watchlists import compute_ownership
from tests.ownership.ownership_cases import entry
from tests.watchlists.list_samples import plain_sdn, write

LONG = os.environ.get("SCANNER_BENCH") == "long"
# About three times what was measured on two busy cores.
MOST_TIMES_A_CSV_READ = 70
MOST_TIMES_A_SCREENING_INDEX = 160
MOST_TIMES_A_PLAIN_SUM = 60


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def plain_read(paths: list[Path]) -> float:
    """The standard library's reader over the same files."""

    def work() -> int:
        return sum(
            len(list(csv.reader(io.StringIO(p.read_bytes().decode("cp1252"), newline=""))))
            for p in paths
        )

    return min(seconds(work) for _ in range(3))


def cold_load_ratio(folder: Path, store: Path, index: Path | None) -> tuple[float, float]:
    """Update, load and (with an index folder) prepare for screening, over a plain read."""

    def work() -> None:
        watchlists.update(folder, store)
        tables = watchlists.load(store)
        if index:
            screening.prepare(tables, None, index)

    spent = seconds(work)
    return spent, spent / plain_read(sorted(folder.glob("*.csv")))


@pytest.mark.bench
def test_a_list_is_kept_in_a_small_multiple_of_a_plain_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "lists", sdn_csv=plain_sdn(20_000))
    spent, ratio = cold_load_ratio(folder, tmp_path / "store", None)
    print(f"\nkept in {spent:.1f} CPU s, {ratio:.0f} plain reads")  # noqa: T201 - the bench's result
    assert ratio < MOST_TIMES_A_CSV_READ


@pytest.mark.bench
def test_the_real_list_from_cold_and_from_the_prepared_index(
    real_lists: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    spent, ratio = cold_load_ratio(real_lists / "ofac", tmp_path / "store", index)
    opened = seconds(lambda: screening.open_index(index))
    print(f"\ncold {spent:.1f} CPU s, {ratio:.0f} plain reads; opened {opened:.2f} s")  # noqa: T201 - the bench's result
    assert ratio < MOST_TIMES_A_SCREENING_INDEX
    assert opened < spent / 3


def graph(nodes: int, edges: int) -> tuple[list[dict[str, object]], pa.Table]:
    """A random graph with circles; a tenth of the nodes is listed."""
    chance = random.Random(7)
    listed = nodes // 10
    owners = [chance.randrange(nodes) for _ in range(edges)]
    owned = [chance.randrange(listed, nodes) for _ in range(edges)]
    table = pa.table(
        {
            "owner_name": [f"Firm {n}" for n in owners],
            "owner_entry": pa.array(
                [f"OFAC-SDN:{n}" if n < listed else None for n in owners], pa.string()
            ),
            "owned_name": [f"Firm {n}" for n in owned],
            "share_percent": [float(chance.choice([5, 10, 20, 25, 30, 50, 60])) for _ in owned],
            "source": ["bench"] * edges,
        }
    )
    return [entry(f"OFAC-SDN:{n}") for n in range(listed)], table


def ownership_ratio(nodes: int, edges: int) -> tuple[float, float]:
    """The 50 Percent Rule over the plain sum of shares per firm, both in DuckDB."""
    entries, table = graph(nodes, edges)
    with Warehouse() as warehouse:
        warehouse.create(TABLES["list_entries"], TABLES["list_names"], TABLES["ownership"])
        schema = TABLES["list_entries"].arrow_schema
        warehouse.append("list_entries", pa.Table.from_pylist(entries, schema=schema))
        warehouse.append("ownership", table)
        plain = min(
            seconds(
                lambda: warehouse.arrow(
                    "SELECT upper(owned_name) AS n, upper(owner_name) AS o, sum(share_percent) AS s"
                    " FROM ownership GROUP BY ALL ORDER BY ALL"
                )
            )
            for _ in range(3)
        )
        spent = seconds(lambda: compute_ownership(warehouse))
        assert warehouse.count("effective_ownership") > nodes / 4
    return spent, spent / plain


@pytest.mark.bench
def test_ownership_costs_a_bounded_number_of_plain_sums() -> None:
    nodes, edges = (300_000, 1_000_000) if LONG else (30_000, 100_000)
    spent, ratio = ownership_ratio(nodes, edges)
    print(f"\n{edges} shares in {spent:.1f} CPU s, {ratio:.0f} plain sums")  # noqa: T201 - the bench's result
    # The fixed cost of the rounds weighs more in a small graph.
    assert ratio < MOST_TIMES_A_PLAIN_SUM * (1 if LONG else 4)
