"""Rarity comes from a basis that stays: two names are judged alike whoever else is listed."""

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy import sparse

from scanner.screening import basis_of, open_index, prepare, read_basis, screen_names, write_basis
from scanner.screening.candidates import find_candidates
from scanner.screening.index import Index
from scanner.screening.matcher import weigh_pairs
from scanner.screening.queries import query_of
from scanner.screening.training import ListPart
from tests.screening.test_screening import NAMED, invented, tables

QUERIES = [
    *(name for _, name, _ in NAMED),
    "TARVEKSM RADAR ZAVOD",
    "YURII SCERBAKOVSKIJ",
    *(name for _, name in invented(40)),
    *(name.replace("A", "E", 1) for _, name in invented(80)[40:]),
]


def scores(index: Index) -> dict[tuple[str, str], tuple[float, str]]:
    rows = screen_names(QUERIES, index, min_score=0.3, limit=100).to_pylist()
    return {(row["name"], row["entry_id"]): (row["score"], row["because"]) for row in rows}


def made(lists: ListPart, folder: Path, **basis: object) -> Index:
    prepare(lists, None, folder, **basis)  # type: ignore[arg-type]
    return open_index(folder)


def test_other_entries_change_nothing_on_a_basis(tmp_path: Path) -> None:
    few, many = tables(invented(300)), tables(invented(450))
    basis = basis_of(few)
    before = scores(made(few, tmp_path / "few", basis=basis))
    index = made(many, tmp_path / "many", basis=basis)
    after = scores(index)
    known = set(few.list_entries["entry_id"].to_pylist())
    # A new name may take the place of the farthest candidate, never change what stays.
    stayed = {key: value for key, value in after.items() if key[1] in known}
    assert stayed == {key: before[key] for key in stayed}
    assert len(stayed) > 0.9 * len(before)
    own = made(many, tmp_path / "own")
    assert not np.array_equal(own.unit_nats, index.unit_nats), "the basis makes no difference here"


def test_the_basis_of_the_lists_themselves_is_what_none_means(tmp_path: Path) -> None:
    lists = tables(invented(200))
    made(lists, tmp_path / "none")
    made(lists, tmp_path / "own", basis=basis_of(lists))
    for path in sorted((tmp_path / "none").iterdir()):
        assert path.read_bytes() == (tmp_path / "own" / path.name).read_bytes(), path.name


def test_a_basis_reads_back_as_it_was_written(tmp_path: Path) -> None:
    basis = basis_of(tables(invented(50)))
    write_basis(basis, tmp_path / "b")
    write_basis(basis, tmp_path / "b")
    assert read_basis(tmp_path / "b") == basis
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_the_order_of_a_list_does_not_matter(tmp_path: Path) -> None:
    twins = [(f"OFAC-SDN:{5000 + i}", "VELKOTRANS SHIPPING") for i in range(30)]
    lists = tables([*twins, *invented(100)])
    rows = list(range(lists.list_names.num_rows))
    random.Random(4).shuffle(rows)
    mixed = ListPart(
        lists.list_entries, lists.list_names.take(pa.array(rows)), lists.list_identifiers
    )
    one, two = made(lists, tmp_path / "one"), made(mixed, tmp_path / "two")
    assert one.names.equals(two.names)
    names = ["VELKOTRANS SHIPPING", "VELKOTRANS SHIPING"]
    found = [screen_names(names, index, limit=100).to_pylist() for index in (one, two)]
    assert found[0] == found[1]
    assert len(found[0]) == 24, "twelve of thirty that are equally near"


def test_nearest_takes_the_first_of_equals() -> None:
    from scanner.screening.candidates import _nearest

    values = np.array([[0, 0.5, 0, 0.5, 0, 0.1, 0, 0.5, 0, 0.9], [0, 0, 0.2, 0, 0, 0, 0, 0, 0, 0]])
    likeness = sparse.csr_matrix(values, dtype=np.float32)
    for most, columns in ((3, [1, 3, 9]), (4, [1, 3, 7, 9]), (9, [1, 3, 5, 7, 9])):
        row, column, near = _nearest(likeness, np.array([most, most]))
        assert row.tolist() == [*([0] * len(columns)), 1]
        assert column.tolist() == [*columns, 2]
        assert near.tolist() == values[row, column].astype(np.float32).tolist()


def test_far_names_are_not_compared_and_short_ones_in_long_texts_are(tmp_path: Path) -> None:
    names = [*invented(600), ("OFAC-SDN:8001", "VABOKIM LLC")]
    index = made(tables(names), tmp_path / "i")
    place = index.names["name"].to_pylist().index("VABOKIM LLC")
    inside = query_of("VABOKIM 2017 STREET OF THE HEROES 14 OFFICE 8 SOMEWHERE")
    assert place in find_candidates([inside], index, per_query=12)[1]
    far = query_of("VABELLINTO GRUSTHEKOM")
    assert not len(find_candidates([far], index, per_query=12)[1])


def test_a_pair_is_weighed_by_itself(tmp_path: Path) -> None:
    lists = tables([*invented(300), ("OFAC-SDN:8001", "TARVEKSIM RADAR ZAVOD LLC")])
    index = made(lists, tmp_path / "i")
    queries = [query_of(name) for name in (*QUERIES, "TARVEKSIM RADAR ZAVOD AO")]
    of_query, of_name = find_candidates(queries, index, per_query=12)
    together = weigh_pairs(queries, index, of_query, of_name)
    for start in range(12):
        some = slice(start, None, 12)
        apart = weigh_pairs(queries, index, of_query[some], of_name[some])
        for one, all_of_them in zip(apart, together, strict=True):
            assert one.tolist() == all_of_them[some].tolist()
