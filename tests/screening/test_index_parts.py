"""An index made of an earlier one has the bytes of one that is made whole."""

import random
from pathlib import Path

import pyarrow as pa
import pytest

from scanner.screening import basis_of, prepare
from tests.screening.test_kept_answers import changed_list, invented_entry, tables

FIRMS = [
    {"entry_id": "OWNERSHIP:1", "list": "OWNERSHIP", "name": "ZARVELON TRADE FZE", "country": "AE"},
    {"entry_id": "OWNERSHIP:2", "list": "OWNERSHIP", "name": "Nikomar, Ltd", "country": None},
]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def firms(count: int) -> pa.Table:
    columns = ("entry_id", "list", "name", "country")
    return pa.Table.from_pylist(FIRMS[:count], pa.schema([(c, pa.string()) for c in columns]))


@pytest.mark.parametrize("seed", range(4))
def test_an_index_of_an_earlier_one_equals_one_made_whole(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    entries = [invented_entry(rng, 100 + i) for i in range(200)]
    entries[0]["names"].append(entries[0]["names"][0])  # the list says it twice
    basis = basis_of(tables(entries))
    prepare(tables(entries), firms(seed % 3), tmp_path / "0", basis=basis)
    for state in (1, 2):
        entries = changed_list(rng, entries)
        if state == 2:
            entries = [entry for entry in entries if rng.random() < 0.4]
        whole, renewed = tmp_path / f"whole-{state}", tmp_path / str(state)
        prepare(tables(entries), firms(2 - state), whole, basis=basis)
        prepare(
            tables(entries), firms(2 - state), renewed,
            basis=basis, earlier=tmp_path / str(state - 1),
        )  # fmt: skip
        assert files(renewed) == files(whole)
    assert files(tmp_path / "1") != files(tmp_path / "2")


def test_an_index_that_another_process_has_made_is_left(tmp_path: Path) -> None:
    rng = random.Random(1)
    lists = tables([invented_entry(rng, i) for i in range(20)])
    prepare(lists, None, tmp_path / "index")
    before = files(tmp_path / "index")
    prepare(lists, None, tmp_path / "index")
    assert files(tmp_path / "index") == before
    assert [path.name for path in tmp_path.iterdir()] == ["index"]
