"""Screening on an invented list: all is found, spans are exact, more data loses nothing."""

import os
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from scanner.schema import TABLES
from scanner.screening import Index, open_index, prepare, screen, screen_names
from scanner.screening.corruptions import FAMILIES, corrupted
from scanner.screening.training import ListPart
from scanner.settings import Settings
from scanner.simulate.world import coined_name
from scanner.warehouse import Warehouse

WRITTEN = 10_000 if os.environ.get("SCANNER_FUZZ") == "long" else 400
FIRM, BANK, PERSON = "OFAC-SDN:1", "OFAC-SDN:2", "OFAC-SDN:3"
NAMED = (
    (FIRM, "OOO TARVEKSIM RADAR ZAVOD", "primary"),
    (FIRM, "TARVEKSIM RADIOLOKATSIYA", "strong"),
    (BANK, "KOLBRANT KOMMERCHESKII BANK JSC", "primary"),
    (PERSON, "SHCHERBAKOVSKII, Yurii Mstislavovich", "primary"),
)
CODES = ((BANK, "bic", "KLBRRUMM"), (FIRM, "inn", "7707083893"), (FIRM, "ogrn", "1027700132195"))


def tables(extra: Sequence[tuple[str, str]] = ()) -> ListPart:
    ids = [FIRM, BANK, PERSON, *(entry for entry, _ in extra)]
    first = {entry: name for entry, name, _ in reversed(NAMED)} | dict(extra)
    entries = [
        {
            "entry_id": entry,
            "list": "OFAC-SDN",
            "entry_name": first[entry],
            "entry_type": "individual" if entry == PERSON else "entity",
            "programs": ["RUSSIA-EO14024"],
            "measure": "blocking",
            "eo14024_blocked": True,
            "section_11_remark": True,
            "listed_on": date(2023, 5, 19),
            "countries": ["RU"],
        }
        for entry in ids
    ]
    names = [{"entry_id": e, "list": "OFAC-SDN", "name": n, "quality": q} for e, n, q in NAMED]
    names += [
        {"entry_id": e, "list": "OFAC-SDN", "name": n, "quality": "primary"} for e, n in extra
    ]
    codes = [{"entry_id": e, "list": "OFAC-SDN", "kind": k, "value": v} for e, k, v in CODES]
    return ListPart(
        pa.Table.from_pylist(entries, TABLES["list_entries"].arrow_schema),
        pa.Table.from_pylist(names, TABLES["list_names"].arrow_schema),
        pa.Table.from_pylist(codes, TABLES["list_identifiers"].arrow_schema),
    )


def invented(count: int) -> list[tuple[str, str]]:
    rng = random.Random(8)
    return [
        (
            f"OFAC-SDN:{1000 + i}",
            f"{coined_name(rng)}{coined_name(rng)} {coined_name(rng)} {rng.choice(('OOO', 'AO'))}",
        )
        for i in range(count)
    ]


@pytest.fixture(scope="module")
def lists() -> ListPart:
    return tables(invented(400))


@pytest.fixture(scope="module")
def index(lists: ListPart, tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("index") / "i"
    owned = pa.table(
        {
            "entry_id": ["OWNERSHIP:1"],
            "list": ["OWNERSHIP"],
            "name": ["DELQUORA TRADING FZE"],
            "country": ["AE"],
        }
    )
    prepare(lists, owned, folder)
    return open_index(folder)


def hits_of(
    lists: ListPart,
    index: Index,
    *,
    parties: Sequence[dict[str, Any]] = (),
    texts: Sequence[str] = (),
    suppressions: Path | None = None,
    value_date: date | None = date(2024, 8, 15),
) -> list[dict[str, Any]]:
    def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
        return pa.Table.from_pylist(rows, TABLES[name].arrow_schema)

    transaction = {
        "transaction_id": "m-1",
        "message_id": "m",
        "ordinal": 1,
        "message_type": "MT103",
        "kind": "customer_transfer",
        "value_date": value_date,
    }
    made = [
        {
            "transaction_id": "m-1",
            "role": "creditor",
            "ordinal": i,
            "is_agent": False,
            "field_path": "59",
            "raw": p.get("name"),
            **p,
        }
        for i, p in enumerate(parties, 1)
    ]
    free = [
        {
            "transaction_id": "m-1",
            "kind": "remittance_information",
            "ordinal": i,
            "text": t,
            "field_path": "70",
        }
        for i, t in enumerate(texts, 1)
    ]
    with Warehouse() as warehouse:
        for name, data in (
            ("transactions", table("transactions", [transaction])),
            ("parties", table("parties", made)),
            ("texts", table("texts", free)),
            ("list_entries", lists.list_entries),
        ):
            warehouse.create(TABLES[name])
            warehouse.append(name, data)
        warehouse.create(TABLES["list_versions"], TABLES["list_addresses"], TABLES["list_names"])
        screen(warehouse, index, name_threshold=0.5, text_threshold=0.6, suppressions=suppressions)
        found: list[dict[str, Any]] = warehouse.arrow(
            "SELECT * FROM hits ORDER BY score DESC"
        ).to_pylist()
    raws_at: dict[str, list[str | None]] = {}
    for row in (*made, *free):
        raws_at.setdefault(row["field_path"], []).append(row.get("raw", row.get("text")))
    for hit in found:
        if hit["span"]:
            raws = raws_at[hit["field_path"]]
            assert any(raw and raw[slice(*hit["span"])] == hit["matched_text"] for raw in raws), hit
    return found


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("OOO TARVEKSIM RADAR ZAVOD", FIRM),
        ("TARVEKSIM RADAR ZAVOD LLC", FIRM),
        ("ООО ТАРВЕКСИМ РАДАР ЗАВОД", FIRM),
        ("TARVEKSIM RADIOLOKATSIIA", FIRM),
        ("RADAR ZAVOD TARVEKSIM", FIRM),
        ("TARVEKSM RADAR ZAVOD", FIRM),
        ("KOLBRANT COMMERCIAL BANK", BANK),
        ("YURII SCERBAKOVSKIJ", PERSON),
        ("SCHTSCHERBAKOWSKI JURIJ MSTISLAWOWITSCH", PERSON),
    ],
)
def test_a_listed_name_is_found_however_it_is_written(index: Index, name: str, entry: str) -> None:
    best = screen_names([name], index, limit=1).to_pylist()[0]
    assert best["entry_id"] == entry
    assert best["score"] >= 0.5, best


@pytest.mark.parametrize(
    "name", ["VELNOR TEXTILES GMBH", "RADAR RESTAURANT SRL", "MARIA GONZALEZ", "NATIONAL BANK"]
)
def test_an_innocent_name_is_not(index: Index, name: str) -> None:
    assert screen_names([name], index, min_score=0.5).num_rows == 0


def test_a_cut_name_is_rather_the_one_that_begins_so(tmp_path: Path) -> None:
    begun = "JSC KORVANTIM PRODUCTION ASSOCIATION OF THE NORTHERN MECHANICAL WORKS SEVERNIY"
    twin = "KORVANTIM PRODUCTION ASSOCIATION JSC"
    named = [("OFAC-SDN:9001", twin), ("OFAC-SDN:9002", begun)]
    prepare(tables([*invented(400), *named]), None, tmp_path / "i")
    rows = screen_names([begun[:35]], open_index(tmp_path / "i"), min_score=0.5).to_pylist()
    assert [row["matched_name"] for row in rows] == [begun, twin]


def test_a_file_of_names_gives_ranked_rows_in_their_order(index: Index) -> None:
    both = "TARVEKSIM RADAR ZAVOD OR KOLBRANT COMMERCIAL BANK"
    names = [both, "NOBODY AT ALL", both]
    rows = screen_names(names, index, min_score=0.0, limit=2).to_pylist()
    assert [row["rank"] for row in rows if row["name"] == both] == [1, 2, 1, 2]
    assert {row["entry_id"] for row in rows[:2]} == {FIRM, BANK}
    assert rows[0]["because"].startswith("words met")
    assert rows[0]["score"] >= rows[1]["score"]


@pytest.mark.parametrize("joint", ["OR", "O/B/O", "C/O", "ON BEHALF OF"])
def test_of_several_parties_in_one_name_each_is_looked_for(index: Index, joint: str) -> None:
    """As in a payment's field: the stranger's words must not hide the listed one."""
    name = f"QUENDOVAR SHIPYARD LOGISTICS COOPERATIVE {joint} TARVEKSIM RADAR ZAVOD"
    alone = screen_names(["TARVEKSIM RADAR ZAVOD"], index, limit=1).to_pylist()[0]
    [best, *rest] = screen_names([name], index, limit=3).to_pylist()
    assert best == alone | {"name": name}
    entries = [best["entry_id"], *(row["entry_id"] for row in rest)]
    assert len(entries) == len(set(entries))
    assert [row["rank"] for row in rest] == [*range(2, len(rest) + 2)]


def test_parties_texts_and_codes(lists: ListPart, index: Index) -> None:
    found = hits_of(
        lists,
        index,
        parties=[
            {
                "name": "TARVEKSIM RADAR ZAVOD",
                "raw": "/408178\nTARVEKSIM RADAR\nZAVOD\nMOSCOW RU",
                "country": "RU",
            },
            {
                "name": None,
                "bic": "KLBRRUMM123",
                "raw": "KLBRRUMM123",
                "is_agent": True,
                "role": "creditor_agent",
            },
            {"name": "NOBODY", "identifier": "TXID:7707083893"},
            {"name": "DELQUORA TRADING FZE", "country": "AE"},
        ],
        texts=["GOODS FOR TARVEKSIM RADAR ZAVOD\nINN 7707083893", "PAY VIA KLBRRUMMXXX"],
    )
    seen = {(h["match_kind"], h["entry_id"], h["role"] or h["text_kind"]) for h in found}
    assert seen >= {
        ("name", FIRM, "creditor"),
        ("bic", BANK, "creditor_agent"),
        ("identifier", FIRM, "creditor"),
        ("ownership", "OWNERSHIP:1", "creditor"),
        ("text", FIRM, "remittance_information"),
        ("identifier", FIRM, "remittance_information"),
        ("bic", BANK, "remittance_information"),
    }
    wrapped = next(h for h in found if h["match_kind"] == "name" and h["entry_id"] == FIRM)
    assert wrapped["matched_text"] == "TARVEKSIM RADAR\nZAVOD"
    assert all(hit["because"] for hit in found)


@pytest.mark.parametrize("joint", [" OR ", " C/O ", " O/B/O ", " ON BEHALF OF "])
def test_each_party_of_a_field_is_screened(lists: ListPart, index: Index, joint: str) -> None:
    found = hits_of(
        lists, index, parties=[{"name": f"VELNOR TEXTILES{joint}TARVEKSIM RADAR ZAVOD"}]
    )
    assert FIRM in {hit["entry_id"] for hit in found}


def test_more_data_never_loses_a_hit(lists: ListPart, index: Index) -> None:
    for extra in (
        {"country": "RU"},
        {"address": "UL MIRA 1"},
        {"identifier": "TXID:7707083893"},
        {"account": "408178"},
        {"town": "MOSCOW"},
        {"bic": "KLBRRUMM"},
    ):
        found = hits_of(lists, index, parties=[{"name": "TARVEKSIM RADAR ZAVOD", **extra}])
        assert (FIRM, "name") in {(hit["entry_id"], hit["match_kind"]) for hit in found}, extra


@pytest.mark.parametrize(("day", "known"), [(date(2023, 5, 18), False), (date(2023, 5, 19), True)])
def test_a_hit_says_whether_it_was_known_on_the_payments_date(
    lists: ListPart, index: Index, day: date, known: bool
) -> None:
    found = hits_of(lists, index, parties=[{"name": "TARVEKSIM RADAR ZAVOD"}], value_date=day)
    assert {hit["known_on_payment_date"] for hit in found if hit["entry_id"] == FIRM} == {known}


@pytest.mark.fuzz
def test_spans_mark_the_matched_text_for_many_corruptions(lists: ListPart, index: Index) -> None:
    rng = random.Random(2)
    names = invented(400)
    parties = []
    for number in range(WRITTEN):
        entry, name = names[number % len(names)]
        written = corrupted(name, rng.choice(list(FAMILIES)), rng, is_person="," in name)
        wrapped = "\n".join(written[i : i + 35] for i in range(0, len(written), 35))
        raw = f"/ACC{entry}\n{wrapped}\nSTREET 5"
        parties.append({"name": written, "raw": raw, "field_path": f"59[{number}]"})
    raw_of = {party["field_path"]: party["raw"] for party in parties}
    found = hits_of(lists, index, parties=parties)
    wrong = [hit for hit in found if not marks(hit, raw_of[hit["field_path"]])]
    assert not wrong, f"{len(wrong)} of {len(found)}: {wrong[:3]}"
    assert len({hit["field_path"] for hit in found}) > WRITTEN * 5 // 8


def marks(hit: dict[str, Any], raw: str) -> bool:
    """Whether the hit's span cuts its text from its own field, without the lines around it."""
    if not hit["span"]:
        return False
    start, end = hit["span"]
    matched: str = hit["matched_text"]
    is_name = raw.index("\n") < start < end <= raw.rindex("\n")
    return is_name and raw[start:end] == matched


def test_recall_over_the_families_of_corruption(index: Index) -> None:
    rng = random.Random(6)
    asked = [
        (entry, corrupted(name, family, rng, is_person="," in name))
        for family in FAMILIES
        for entry, name in invented(400)[::8]
    ]
    rows = screen_names([name for _, name in asked], index, limit=1).to_pylist()
    first = {row["name"]: row["entry_id"] for row in rows}
    right = sum(first.get(name) == entry for entry, name in asked) / len(asked)
    assert right >= 0.85


def test_the_order_of_queries_changes_no_answer(index: Index) -> None:
    names = [name for _, name in invented(60)]
    forward = screen_names(names, index, limit=2).to_pylist()
    backward = screen_names(names[::-1], index, limit=2).to_pylist()
    key = {(row["name"], row["rank"]): row for row in forward}
    assert {(row["name"], row["rank"]): row for row in backward} == key


@pytest.mark.parametrize("cut", range(18, 34))
def test_a_name_cut_by_the_end_of_a_line_is_found_in_a_text(
    lists: ListPart, index: Index, cut: int
) -> None:
    text = "PAYMENT FOR PARTS TO " + "X" * (cut - 18) + " TARVEKSIM RADAR ZAVOD OOO"
    wrapped = "\n".join(text[i : i + 35] for i in range(0, len(text), 35))
    assert FIRM in {hit["entry_id"] for hit in hits_of(lists, index, texts=[wrapped])}


@pytest.mark.parametrize(
    ("day", "covered"), [(date(2024, 8, 31), True), (date(2024, 9, 1), False), (None, False)]
)
def test_a_good_guy_rule_ends_on_its_day(
    lists: ListPart, index: Index, tmp_path: Path, day: date | None, covered: bool
) -> None:
    rules = tmp_path / "rules.csv"
    rules.write_text(
        "name,entry_id,entry_hash,owner,reason,valid_to\n"
        f"TARVEKSIM RADAR ZAVOD,{FIRM},,M. Owner,another firm of that name,2024-08-31\n"
    )
    found = hits_of(
        lists,
        index,
        parties=[{"name": "TARVEKSIM RADAR ZAVOD"}],
        suppressions=rules,
        value_date=day,
    )
    assert {h["is_suppressed"] for h in found if h["entry_id"] == FIRM} == {covered}


def test_reading_a_text_costs_its_length_and_not_its_square(index: Index) -> None:
    import time

    from scanner.screening.text_hits import answer_texts
    from scanner.screening.text_windows import names_by_word

    lookup = names_by_word(index)
    words = "GOODS FOR TARVEKSIM RADAR ZAVOD AND MANY MORE WORDS OF NO CONCERN "

    def seconds(times: int) -> float:
        began = time.process_time()
        answer_texts([words * times], index, lookup, min_score=0.6)
        return time.process_time() - began

    seconds(50)
    # Sixteen times the text: a square would cost 256 times as much.
    assert seconds(3200) <= 64 * max(seconds(200), 0.005)


@pytest.mark.parametrize(
    ("name", "obliges"),
    [
        ("TARVEKSIM RADAR ZAVOD", True),
        ("TARVEKSIN RADAR ZAVOD", True),
        ("TRVKSM RDR ZVD", True),
        ("SHCHERBAKOVSKII YURII", True),
        ("SHCHERBATOVSKY IURY", False),
        ("Y M SHCHERBAKOVSKII", False),
    ],
)
def test_a_loose_match_is_seen_and_does_not_oblige(
    lists: ListPart, index: Index, name: str, obliges: bool
) -> None:
    limit = Settings().obligation_threshold
    hits = [h for h in hits_of(lists, index, parties=[{"name": name}]) if h["match_kind"] == "name"]
    assert max((h["score"] for h in hits), default=0.0) >= (limit if obliges else 0.5)
    assert obliges or all(h["score"] < limit for h in hits)
