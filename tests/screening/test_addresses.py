"""Addresses of list entries: labelled cases, what must never be lost, spans, and real lists."""

import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner import ingest, watchlists
from scanner.schema import TABLES
from scanner.screening import open_index, prepare, screen
from scanner.screening.address_parts import parts_of, words_of
from scanner.screening.addresses import AddressBook, AddressMatch, stretch_of
from scanner.screening.training import ListPart
from scanner.warehouse import Warehouse

LISTED = (
    (
        "E:hk",
        "Unit 1207, 12/F, Wing Tolva Commercial Building, 88-92 Pakora Road Central",
        None,
        "HK",
    ),
    ("E:ru", "d. 14 korp. 2 litera A, ul. Zhelyabinskaya, pom. 5", "Tarvek 199155", "RU"),
    ("E:ave", "31 Leninskiy Prospekt, Moscow", "119071", "RU"),
    ("E:tr", "Varnali Mah. Koltuk Sok. No: 12 Sariyer", "Istanbul", "TR"),
    ("E:de", "Hölderbach Str. 35-37", "Velbring 42929", "DE"),
    ("E:gb", "5 Quillmere Street", "London NW6 1RW", "GB"),
    ("E:po", "P.O. Box 5", "Dubai", "AE"),
    ("E:town", "Moscow", None, "RU"),
    ("E:office", "Office 1", "Dubai", "AE"),
    ("E:swap", "Brantex Industrial Building", "72 Cheung Varo Road KL", "HK"),
)


def rows_of(listed: Any = LISTED) -> list[dict[str, Any]]:
    return [
        {"list": "L", "entry_id": entry, "ordinal": 1, "address": a, "town": t, "country": c}
        for entry, a, t, c in listed
    ]


BOOK = AddressBook(rows_of())


def met(
    text: str, *, town: str | None = None, country: str | None = None, is_stated: bool = True
) -> dict[str, AddressMatch]:
    found = BOOK.look_up(text, town=town, country=country, is_stated=is_stated)
    return {entry: match for match in found for _, entry in BOOK.listed[match.listed].entries}


@pytest.mark.parametrize(
    ("text", "town", "country", "entry"),
    [
        ("RM 1207 12/F WING TOLVA COMM BLDG, 88-92 PAKORA RD C, HONG KONG", None, "HK", "E:hk"),
        ("88 PAKORA ROAD CENTRAL, UNIT 1207", None, "HK", "E:hk"),
        ("12TH FLOOR, WING TOLVA BUILDING 88-92 PAKORA ROAD", None, "HK", "E:hk"),
        ("UNIT 1207, 88-92 PAK, ORA ROAD CENTRAL", None, "HK", "E:hk"),
        ("FLAT 1207, 88-92 PAKORA ROAD", "HONG KONG", "CN", None),
        ("UL. ZHELIABINSKAIA 14 K 2 LIT A", "TARVEK", "RU", "E:ru"),
        ("УЛ. ЖЕЛЯБИНСКАЯ, Д. 14, ТАРВЕК", None, "RU", "E:ru"),
        ("14, Zheljabinskaja str., TARVEK", None, None, "E:ru"),
        ("LENINSKY PR-T 31 OFFICE 8, MOSKVA", None, "RU", "E:ave"),
        ("31 LENINSKII PROSPECT", "MOSCOW", None, "E:ave"),
        ("VARNALI MAHALLESI KOLTUK SOKAK NO 12 SARIYER", "İSTANBUL", "TR", "E:tr"),
        ("KOLTUK SK. 12 ISTANBUL", None, "TR", "E:tr"),
        ("HOLDERBACHSTR", "VELBRING", "DE", None),
        ("Hölderbach Straße 35", "Velbring", "DE", "E:de"),
        ("Quillmere St 5", "London", "GB", "E:gb"),
        ("BRANTEX IND BLDG 72 CHEUNG VARO RD", "KOWLOON", "HK", "E:swap"),
    ],
)
def test_an_address_is_met_however_it_is_written(
    text: str, town: str | None, country: str | None, entry: str | None
) -> None:
    found = met(text, town=town, country=country)
    assert set(found) == ({entry} if entry else set()), parts_of(text)
    assert all(match.margin >= 0 and match.because for match in found.values())


@pytest.mark.parametrize(
    ("text", "town", "country"),
    [
        ("90 PAKORA ROAD CENTRAL, UNIT 1207", None, "HK"),  # another house
        ("ROOM 803, 88-92 PAKORA ROAD CENTRAL", None, "HK"),  # another room of the house
        ("UNIT 1207, 88-92 PAKORA ROAD WEST", None, "HK"),  # the other end of the road
        ("UNIT 88, 12 PAKORA ROAD CENTRAL", None, "HK"),  # the number is a room's
        ("UL. ZHELYABINSKAYA 14", "SAMARA", "RU"),  # the same street of another city
        ("UL. ZHELYABINSKAYA 14, SAMARA", None, "RU"),
        ("31 LENINSKIY PROSPEKT, TOMSK", None, "RU"),
        ("5 QUILLMERE STREET, LONDON", None, "CA"),  # another London
        ("5 QUILLMERE STREET", None, None),  # neither town nor country
        ("P.O. BOX 5, DUBAI", None, "AE"),
        ("PO BOX 5 DUBAI UAE", "DUBAI", "AE"),
        ("MOSCOW", "MOSCOW", "RU"),
        ("OFFICE 1, DUBAI", "DUBAI", "AE"),
        ("PO BOX 31 LENINSKIY, MOSCOW", None, "RU"),
        ("", None, None),
    ],
)
def test_a_near_miss_is_none(text: str, town: str | None, country: str | None) -> None:
    assert met(text, town=town, country=country) == {}


def test_the_score_falls_with_what_agrees_only_in_part() -> None:
    whole = met("QUILLMERE STREET 5", town="London", country="GB")["E:gb"].margin
    kind = met("QUILLMERE AVENUE 5", town="London", country="GB")["E:gb"].margin
    letter = met("QUILLMERE STREET 5B", town="London", country="GB")["E:gb"].margin
    alone = met("QUILLMERE STREET 5", country="GB")["E:gb"].margin
    room = met("UNIT 1207 88 PAKORA ROAD CENTRAL", country="HK")["E:hk"].margin
    assert room > whole > kind == letter > alone >= 0
    assert "only" not in met("QUILLMERE STREET 5", country="GB")["E:gb"].because
    assert "country agree" in met("QUILLMERE STREET 5", country="GB")["E:gb"].because


def test_a_country_from_an_account_never_contradicts() -> None:
    asked = "5 QUILLMERE STREET LONDON"
    assert met(asked, country="AE", is_stated=False)
    assert not met(asked, country="AE", is_stated=True)


@given(
    st.sampled_from(["", "ATTN MR VELNOR", "TARVEKSIM TRADING", "NEAR METRO", "POST CODE 199155"]),
    st.sampled_from([None, "RU"]),
    st.sampled_from([None, "TARVEK"]),
)
def test_more_data_that_agrees_never_loses_a_hit(
    words: str, country: str | None, town: str | None
) -> None:
    least = met("UL ZHELYABINSKAYA 14, TARVEK")["E:ru"].margin
    text = f"{words}, UL ZHELYABINSKAYA 14, TARVEK"
    assert met(text, country=country, town=town)["E:ru"].margin >= least


@given(
    st.lists(st.sampled_from(["PAKORA", "88", "ROAD", "2", "\n", "C", " ", "/408178", ",", "é"])),
    st.integers(1, 9),
)
def test_a_stretch_holds_the_number_and_the_words(noise: list[str], cut: int) -> None:
    match = met("88-92 PAKORA ROAD CENTRAL", country="HK")["E:hk"]
    raw = f"{' '.join(noise)}\n88-92 {'PAKORA'[: cut % 6]}\n{'PAKORA'[cut % 6 :]} ROAD CENTRAL"
    span = stretch_of(match, raw)
    assert span is not None
    found = "".join(raw[slice(*span)].split())
    assert "88" in found
    assert "PAKORA" in found.replace(",", "")
    assert {found[:1], found[-1:]} <= set("8PA9 2R"), found


@given(st.text(max_size=60))
def test_any_text_is_read_and_its_words_stand_where_they_say(text: str) -> None:
    for word in words_of(text):
        assert 0 <= word.span[0] < word.span[1] <= len(text)
    BOOK.look_up(text, town=None, country="HK")


def screened(
    listed: Any, parties: list[dict[str, Any]], tmp_path: Path, *, nameless: str = ""
) -> list[dict[str, Any]]:
    """Hits by address of parties with names that no list bears."""
    entries = [
        {
            "entry_id": entry,
            "list": "L",
            "entry_name": None if entry == nameless else f"LISTED NAME {entry}",
            "entry_type": "address" if entry == nameless else "entity",
            "measure": "blocking",
            "eo14024_blocked": True,
            "section_11_remark": True,
            "listed_on": date(2024, 6, 12),
            "countries": [],
        }
        for entry in dict.fromkeys(row[0] for row in listed)
    ]
    names = [
        {"entry_id": e["entry_id"], "list": "L", "name": e["entry_name"], "quality": "primary"}
        for e in entries
        if e["entry_name"]
    ]
    part = ListPart(
        pa.Table.from_pylist(entries, TABLES["list_entries"].arrow_schema),
        pa.Table.from_pylist(names, TABLES["list_names"].arrow_schema),
        pa.Table.from_pylist([], TABLES["list_identifiers"].arrow_schema),
    )
    folder = tmp_path / "index"
    prepare(part, None, folder)
    made = [
        {
            "transaction_id": f"m-{i}",
            "role": "creditor",
            "ordinal": 1,
            "is_agent": False,
            "field_path": "59",
            "country_source": "line_3" if party.get("country") else None,
            **party,
        }
        for i, party in enumerate(parties)
    ]
    paid = [
        {
            "transaction_id": party["transaction_id"],
            "message_id": "m",
            "ordinal": 1,
            "message_type": "MT103",
            "kind": "customer_transfer",
            "value_date": date(2024, 8, 15),
        }
        for party in made
    ]
    with Warehouse() as warehouse:
        warehouse.create(*(TABLES[n] for n in ("list_versions", "texts")))
        for name, rows in (
            ("transactions", paid),
            ("parties", made),
            ("list_entries", entries),
            ("list_addresses", rows_of(listed)),
        ):
            warehouse.create(TABLES[name])
            warehouse.append(name, pa.Table.from_pylist(rows, TABLES[name].arrow_schema))
        screen(warehouse, open_index(folder), name_threshold=0.5, text_threshold=0.6)
        found: list[dict[str, Any]] = warehouse.arrow(
            "SELECT * FROM hits WHERE match_kind = 'address' ORDER BY ALL"
        ).to_pylist()
    raws = {party["transaction_id"]: party["raw"] for party in made}
    for hit in found:
        assert raws[hit["transaction_id"]][slice(*hit["span"])] == hit["matched_text"]
    return found


def at_pakora(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "address": "RM 1207 12/F WING TOLVA BLDG, 88-92 PAKORA RD C, HONG KONG",
        "country": "HK",
        "raw": f"/0123\n{name}\nRM 1207 12/F WING TOLVA BLDG\n88-92 PAKORA RD C\nHONG KONG",
    }


def test_a_party_at_a_listed_address_is_a_hit_of_its_own_kind(tmp_path: Path) -> None:
    [hit] = screened(LISTED, [at_pakora("VELNOR TEXTILES")], tmp_path, nameless="E:hk")
    assert (hit["entry_id"], hit["entry_name"], hit["role"]) == ("E:hk", None, "creditor")
    assert hit["matched_text"] == "88-92 PAKORA"
    assert hit["listed_on"] == date(2024, 6, 12)
    assert hit["known_on_payment_date"] is True
    assert 0.9 < hit["score"] < 0.97
    assert hit["because"].startswith("address: number 88, street and town agree; room or floor")
    assert hit["matched_name"].startswith("Unit 1207, 12/F")


def test_an_address_in_the_name_is_met_where_the_party_has_no_other(tmp_path: Path) -> None:
    name = "VELNOR TEXTILES 5 QUILLMERE STREET LONDON"
    [hit] = screened(LISTED, [{"name": name, "raw": name}], tmp_path)
    assert hit["matched_text"] == "5 QUILLMERE"


def test_an_office_that_many_share_weighs_less_and_a_nameless_address_does_not(
    tmp_path: Path,
) -> None:
    def score(count: int, folder: str, *, nameless: str = "", entries: int = 1) -> float:
        parties = [at_pakora(f"VELNOR {chr(65 + i)}X TEXTILES") for i in range(count)]
        listed = [(f"E:hk{i}" if i else "E:hk", *LISTED[0][1:]) for i in range(entries)]
        hits = screened(listed, parties, tmp_path / folder, nameless=nameless)
        assert len(hits) == count * entries
        return min(float(hit["score"]) for hit in hits if hit["entry_id"] == "E:hk")

    once = score(1, "one")
    assert score(5, "five") == once
    assert score(20, "twenty") < once
    assert score(1, "entries", entries=12) < once
    assert score(20, "nameless", nameless="E:hk") == once


def written_by_a_bank(address: str, rng: random.Random) -> str:
    for word, short in (
        ("Street", "ST"), ("Road", "RD"), ("Building", "BLDG"), ("Room", "RM"), ("Floor", "FL"),
        ("Avenue", "AVE"), ("Boulevard", "BLVD"),
    ):  # fmt: skip
        if rng.random() < 0.5:
            address = re.sub(rf"\b{word}\b", short, address)
    parts = [part.strip() for part in address.split(",")]
    return rng.choice((" ", ", ")).join(parts).upper()


def test_real_addresses_of_hong_kong_are_met_and_other_houses_are_not(
    real_lists: Path, tmp_path: Path
) -> None:
    """As an entry without a name holds them: the stored list is older than such entries."""
    watchlists.update(real_lists / "csl", tmp_path)
    listed = watchlists.load(tmp_path).list_addresses.to_pylist()
    book = AddressBook(listed)
    rng = random.Random(3)
    asked = [r for r in listed if r["country"] == "HK" and re.search(r"\d", r["address"] or "")]
    assert len(asked) > 100
    right = wrong = 0
    for row in asked:
        text = f"{written_by_a_bank(row['address'], rng)}, {(row['town'] or '').upper()}"
        other = re.sub(r"\d+", lambda found: str(int(found[0]) + 311), text)

        def finds(written: str, entry: str = row["entry_id"]) -> bool:
            found = book.look_up(written, town=None, country="HK")
            return any(entry == e for m in found for _, e in book.listed[m.listed].entries)

        right += finds(text)
        wrong += finds(other)
    assert right >= 0.9 * len(asked), (right, len(asked))
    assert wrong == 0


def test_innocent_parties_of_the_corpus_sit_at_no_listed_address(
    real_lists: Path, corpus: Path, tmp_path: Path
) -> None:
    for folder in ("ofac", "csl", "un"):
        watchlists.update(real_lists / folder, tmp_path)
    book = AddressBook(watchlists.load(tmp_path).list_addresses.to_pylist())
    parties = {
        (row["address"], row["town"], row["country"])
        for batch in ingest.read_sources(ingest.find_sources([str(corpus)]))
        for row in batch.parties.to_pylist()
        if row["address"]
    }
    assert len(parties) > 20
    found = [
        (address, match.because)
        for address, town, country in sorted(parties, key=str)
        for match in book.look_up(address, town=town, country=country)
    ]
    assert found == []
