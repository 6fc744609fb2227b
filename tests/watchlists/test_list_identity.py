"""One subject for all entries of a person or firm, and none for namesakes."""

from pathlib import Path

import pyarrow as pa
import pytest

from scanner import watchlists
from scanner.schema import TABLES
from scanner.watchlists.identity import with_subjects

Row = dict[str, object]


def subjects(entries: list[Row], names: list[Row], identifiers: list[Row]) -> dict[str, str]:
    def table(name: str, rows: list[Row]) -> pa.Table:
        with_list = [
            {**row, "list": str(row["entry_id"]).split(":", maxsplit=1)[0]} for row in rows
        ]
        return pa.Table.from_pylist(with_list, schema=TABLES[name].arrow_schema)

    made = with_subjects(
        table("list_entries", entries),
        table("list_names", names),
        table("list_identifiers", identifiers),
    )
    return dict(zip(made["entry_id"].to_pylist(), made["subject_id"].to_pylist(), strict=True))


def entry(
    entry_id: str, kind: str = "entity", *, born: tuple[str, ...] = (), of: tuple[str, ...] = ()
) -> Row:
    return {
        "entry_id": entry_id,
        "entry_type": kind,
        "birth_dates": list(born),
        "countries": list(of),
        "measure": "blocking",
        "eo14024_blocked": False,
        "section_11_remark": False,
    }


def name(entry_id: str, text: str, quality: str = "primary") -> Row:
    return {"entry_id": entry_id, "name": text, "quality": quality}


def number(entry_id: str, kind: str, value: str, country: str | None = None) -> Row:
    return {"entry_id": entry_id, "kind": kind, "value": value, "country": country}


A, B, C = "OFAC-SDN:1", "EU-FSF:2", "UK-SL:3"


def test_a_person_is_known_by_name_in_any_order_and_birth_date() -> None:
    born = ("1961-02-03",)
    entries = [entry(A, "individual", born=born), entry(B, "individual", born=born)]
    names = [name(A, "SNEGOV, Ivan"), name(B, "Iván Snegov")]
    assert subjects(entries, names, []) == {A: A, B: A}


@pytest.mark.parametrize("born", [("1961-02-04",), ("1961",), ()])
def test_a_namesake_with_another_or_no_birth_date_is_another(born: tuple[str, ...]) -> None:
    entries = [entry(A, "individual", born=("1961-02-03",)), entry(B, "individual", born=born)]
    assert subjects(entries, [name(A, "SNEGOV, Ivan"), name(B, "Ivan Snegov")], [])[B] == B


@pytest.mark.parametrize(
    ("kind", "one", "other", "country"),
    [
        ("lei", "253400V1H6ART1UQ0N98", "253400V1H6ART1UQ0N98", None),
        ("bic", "POLARUMM", "POLARUMMXXX", None),
        ("inn", "7702070139", "7702070139", "RU"),
        ("passport", "123456", "123456", "RU"),
    ],
)
def test_an_identifier_joins(kind: str, one: str, other: str, country: str | None) -> None:
    numbers = [number(A, kind, one, country), number(B, kind, other, country)]
    assert subjects([entry(A), entry(B)], [], numbers)[B] == A


def test_a_national_number_joins_within_its_country_only() -> None:
    numbers = [number(A, "passport", "123456", "RU"), number(B, "passport", "123456", "TR")]
    assert subjects([entry(A), entry(B)], [], numbers)[B] == B


def test_firms_of_one_name_need_a_country_in_common() -> None:
    names = [name(i, "Polar Engine Works") for i in (A, B, C)]
    entries = [entry(A, of=("RU",)), entry(B, of=("RU", "BY")), entry(C, of=("US",))]
    assert subjects(entries, names, []) == {A: A, B: A, C: C}


def test_a_key_that_stands_twice_in_a_list_joins_nothing() -> None:
    other = "EU-FSF:9"
    numbers = [number(i, "inn", "7702070139", "RU") for i in (A, B, other)]
    found = subjects([entry(A), entry(B), entry(other)], [], numbers)
    assert len(set(found.values())) == 3


def test_evidence_is_followed_in_steps() -> None:
    numbers = [
        number(A, "inn", "7702070139", "RU"),
        number(B, "inn", "7702070139", "RU"),
        number(B, "lei", "253400V1H6ART1UQ0N98"),
        number(C, "lei", "253400V1H6ART1UQ0N98"),
    ]
    assert set(subjects([entry(A), entry(B), entry(C)], [], numbers).values()) == {A}


def test_the_lists_of_ofac_share_their_numbers() -> None:
    ids = ("OFAC-SDN:17013", "OFAC-CONS:17013", "US-CSL:CAP-17013", "US-CSL:SSI-17013")
    found = subjects([entry(i) for i in (*ids, "US-CSL:EL-17013")], [], [])
    assert {found[i] for i in ids} == {"OFAC-SDN:17013"}
    assert found["US-CSL:EL-17013"] == "US-CSL:EL-17013"


def test_real_lists_meet_in_their_common_subjects(real_lists: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    for folder in ("ofac", "ofac-nonsdn", "un"):
        watchlists.update(real_lists / folder, store)
    rows = watchlists.load(store).list_entries.to_pylist()
    by_subject: dict[str, list[str]] = {}
    for row in rows:
        by_subject.setdefault(row["subject_id"], []).append(row["list"])
    shared = [lists for lists in by_subject.values() if len(lists) > 1]
    assert all(len(set(lists)) == len(lists) for lists in shared), "never two of one list"
    assert sum("UN-SC" in lists for lists in shared) > 250
    numbers = {r["entry_id"].split(":")[1] for r in rows if r["list"] == "OFAC-CONS"}
    both = numbers & {r["entry_id"].split(":")[1] for r in rows if r["list"] == "OFAC-SDN"}
    assert sum({"OFAC-SDN", "OFAC-CONS"} <= set(lists) for lists in shared) >= len(both) > 10
