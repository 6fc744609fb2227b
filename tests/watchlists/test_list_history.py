"""Lists as of a day, when entries came and went, and what changed between versions."""

import csv
import gzip
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scanner import watchlists
from scanner.errors import UsageError
from scanner.watchlists import ListTables
from tests.watchlists.list_samples import alt_row, sdn_file, sdn_row, write

D = date


def rows(numbers: range | list[int], *, remark: dict[int, str] | None = None) -> bytes:
    return sdn_file(
        sdn_row(n, f"POLAR ENGINE WORKS {n}", remarks=(remark or {}).get(n, "")) for n in numbers
    )


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Three versions: 5 leaves in the second, 21 comes in it and 22 in the third."""
    store = tmp_path / "store"
    second = [n for n in range(1, 22) if n != 5]
    for day, data in (
        (D(2022, 1, 1), rows(range(1, 21))),
        (D(2023, 1, 1), rows(second)),
        (D(2024, 1, 1), rows([*second, 22], remark={3: "DOB 1950."})),
    ):
        watchlists.update(write(tmp_path / day.isoformat(), sdn_csv=data), store, loaded_on=day)
    return store


def entries(tables: ListTables) -> dict[str, dict[str, Any]]:
    return {row["entry_id"]: row for row in tables.list_entries.to_pylist()}


def test_the_active_version_says_since_when_its_entries_are_known(store: Path) -> None:
    found = entries(watchlists.load(store))
    dates = {i: (row["listed_on"], row["listed_by"]) for i, row in found.items()}
    assert dates["OFAC-SDN:1"] == (None, D(2022, 1, 1))
    assert dates["OFAC-SDN:21"] == (D(2022, 1, 2), D(2023, 1, 1))
    assert dates["OFAC-SDN:22"] == (D(2023, 1, 2), D(2024, 1, 1))
    assert found["OFAC-SDN:22"]["listed_on_source"] == "snapshots"
    assert found["OFAC-SDN:1"]["first_version"].startswith("2022-01-01")
    assert "OFAC-SDN:5" not in found


def test_a_day_between_versions_has_the_knowledge_of_the_earlier_one(store: Path) -> None:
    found = entries(watchlists.load(store, as_of=D(2022, 12, 31)))
    assert len(found) == 20
    assert found["OFAC-SDN:5"]["delisted_on"] == D(2023, 1, 1)
    assert found["OFAC-SDN:1"]["delisted_on"] is None
    assert "OFAC-SDN:21" not in found
    assert len(entries(watchlists.load(store, as_of=D(2023, 1, 1)))) == 20


def test_names_follow_the_entries_of_the_day(store: Path) -> None:
    tables = watchlists.load(store, as_of=D(2022, 6, 1))
    assert set(tables.list_names["entry_id"].to_pylist()) == set(entries(tables))


def test_a_day_before_all_versions_leaves_out_only_what_was_listed_later(tmp_path: Path) -> None:
    data = rows([1, 2], remark={2: "Listing Date (EO 14024 Directive 3): 24 Feb 2022."})
    store = tmp_path / "store"
    folder = tmp_path / "new"
    write(folder, cons_csv=data)
    watchlists.update(folder, store, loaded_on=D(2024, 1, 1))
    assert set(entries(watchlists.load(store, as_of=D(2021, 1, 1)))) == {"OFAC-CONS:1"}
    assert len(entries(watchlists.load(store, as_of=D(2022, 2, 24)))) == 2


def test_an_entry_that_came_back_counts_from_its_return(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for day, numbers in ((D(2022, 1, 1), 20), (D(2023, 1, 1), 19), (D(2024, 1, 1), 20)):
        folder = write(tmp_path / day.isoformat(), sdn_csv=rows(range(1, numbers + 1)))
        watchlists.update(folder, store, loaded_on=day)
    row = entries(watchlists.load(store))["OFAC-SDN:20"]
    assert (row["listed_on"], row["listed_by"]) == (D(2023, 1, 2), D(2024, 1, 1))


def test_another_history_is_another_key(store: Path, tmp_path: Path) -> None:
    before = watchlists.load(store).sha256
    folder = write(tmp_path / "older", sdn_csv=rows(range(1, 21)))
    watchlists.update(folder, store, loaded_on=D(2021, 1, 1))
    assert watchlists.load(store).sha256 != before


def test_diff_names_what_came_went_and_changed(store: Path) -> None:
    changes = watchlists.diff(store, "OFAC-SDN", "2022", "2024")
    assert [(c.kind, c.entry_id, c.what) for c in changes] == [
        ("changed", "OFAC-SDN:3", ("birth_dates", "remarks")),
        ("removed", "OFAC-SDN:5", ()),
        ("added", "OFAC-SDN:21", ()),
        ("added", "OFAC-SDN:22", ()),
    ]
    with pytest.raises(UsageError, match="no version of OFAC-SDN is named 2020"):
        watchlists.diff(store, "OFAC-SDN", "2020", "2024")


@pytest.fixture(scope="module")
def real_store(real_lists: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("real") / "store"
    watchlists.update(real_lists / "ofac-history", store)
    return store


def test_nine_real_snapshots_give_the_blocked_entries_of_each_day(
    real_lists: Path, real_store: Path
) -> None:
    seen = []
    for path in sorted((real_lists / "ofac-history").glob("sdn.*.csv.gz")):
        text = gzip.decompress(path.read_bytes()).decode("cp1252").rstrip("\x1a")
        table = list(csv.reader(io.StringIO(text, newline="")))
        blocked = sum("RUSSIA-EO14024" in row[3] for row in table)
        as_of = date.fromisoformat(path.name.split(".")[1])
        tables = watchlists.load(real_store, as_of=as_of)
        assert tables.list_entries.num_rows == len(table)
        assert sum(tables.list_entries["eo14024_blocked"].to_pylist()) == blocked
        seen.append(blocked)
    assert [f.eo14024_count for f in watchlists.history(real_store, "OFAC-SDN")] == seen
    assert len(seen) == 9
    assert seen == sorted(seen)


def test_real_entries_are_dated_by_the_snapshot_that_first_holds_them(real_store: Path) -> None:
    found = entries(watchlists.load(real_store))
    dated = [row for row in found.values() if row["listed_on_source"] == "snapshots"]
    assert {row["listed_by"] for row in dated} <= {
        f.version_date for f in watchlists.history(real_store, "OFAC-SDN")[1:]
    }
    assert len(dated) > 5000


def test_a_version_without_alias_file_borrows_the_aliases_of_its_entries(tmp_path: Path) -> None:
    store = tmp_path / "store"
    watchlists.update(write(tmp_path / "old", sdn_csv=rows([1, 2])), store, loaded_on=D(2022, 1, 1))
    aliases = sdn_file([alt_row(2, 1, "aka", "SECOND NAME"), alt_row(3, 2, "aka", "THIRD NAME")])
    new = write(tmp_path / "new", sdn_csv=rows([1, 2, 3]), alt_csv=aliases)
    watchlists.update(new, store, loaded_on=D(2023, 1, 1))
    names = watchlists.load(store, as_of=D(2022, 6, 1)).list_names.to_pylist()
    assert [(n["entry_id"], n["name"]) for n in names if n["quality"] == "strong"] == [
        ("OFAC-SDN:2", "SECOND NAME")
    ]


def test_changes_since_a_day_are_those_between_its_knowledge_and_todays(store: Path) -> None:
    changed = {
        day: [(c.kind, c.entry_id) for c in watchlists.changes_since(store, day)]
        for day in (D(2022, 6, 1), D(2023, 6, 1), D(2024, 6, 1))
    }
    assert changed[D(2022, 6, 1)] == [
        ("changed", "OFAC-SDN:3"),
        ("removed", "OFAC-SDN:5"),
        ("added", "OFAC-SDN:21"),
        ("added", "OFAC-SDN:22"),
    ]
    assert changed[D(2023, 6, 1)] == [("changed", "OFAC-SDN:3"), ("added", "OFAC-SDN:22")]
    assert changed[D(2024, 6, 1)] == []


def test_changed_entries_are_named_once(store: Path) -> None:
    old, new = watchlists.load(store, as_of=D(2022, 6, 1)), watchlists.load(store)
    names = ("list_entries", "list_names", "list_identifiers", "list_addresses")
    found = watchlists.changed_entries(
        {name: getattr(old, name) for name in names}, {name: getattr(new, name) for name in names}
    )
    assert found == ["OFAC-SDN:3", "OFAC-SDN:5", "OFAC-SDN:21", "OFAC-SDN:22"]


def test_a_version_that_is_not_live_is_kept_and_its_impact_can_be_seen(
    store: Path, tmp_path: Path
) -> None:
    before = watchlists.load(store)
    folder = write(tmp_path / "next", sdn_csv=rows([n for n in range(1, 31) if n not in (5, 7)]))
    [facts] = watchlists.update(folder, store, loaded_on=D(2025, 1, 1), go_live=False)
    assert not facts.is_active
    assert watchlists.load(store).list_entries.equals(before.list_entries)
    candidate = watchlists.load(store, instead={"OFAC-SDN": facts.version})
    assert "OFAC-SDN:30" in entries(candidate)
    assert [c.kind for c in watchlists.diff(store, "OFAC-SDN", "2024", "2025")].count("added") == 8
    watchlists.activate(store, "OFAC-SDN", facts.version)
    assert entries(watchlists.load(store)) == entries(candidate)
    with pytest.raises(UsageError, match="no version"):
        watchlists.activate(store, "OFAC-SDN", "2030")
