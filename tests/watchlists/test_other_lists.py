"""The other lists: the real UN and CSL files by independent counts, the rest on small files."""

import csv
import gzip
import io
import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scanner.errors import IntegrityError
from scanner.watchlists.entry import Address, Entry, Identifier, ListName, Reading
from scanner.watchlists.layouts import recognise
from scanner.watchlists.list_files import ListFile, find_list_files
from tests.watchlists import list_samples as samples


def read(name: str, data: bytes) -> Reading:
    file = ListFile(name, "folder", data, None, None, name)
    found = recognise(file)
    assert found is not None, f"{name} is not recognised"
    layout, list_name, part = found
    return layout.read(list_name, {part: file})


def by_number(reading: Reading) -> dict[str, Entry]:
    return {entry.number: entry for entry in reading.entries}


class TestUnitedNations:
    @pytest.fixture
    def path(self, real_lists: Path) -> Path:
        return real_lists / "un" / "UN_consolidated.xml"

    def test_the_real_file_is_read_whole(self, path: Path) -> None:
        reading = read("UN_consolidated.xml", path.read_bytes())
        root = ET.parse(path).getroot()
        people, firms = root.findall(".//INDIVIDUAL"), root.findall(".//ENTITY")
        kinds = Counter(entry.entry_type for entry in reading.entries)
        assert kinds == {"individual": len(people), "entity": len(firms)}
        assert reading.rejected == ()
        assert reading.published_on == date.fromisoformat(root.attrib["dateGenerated"][:10])
        aliases = {
            " ".join(a.text.split()) for a in root.iter("ALIAS_NAME") if a.text and a.text.strip()
        }
        names = {n.name for entry in reading.entries for n in entry.names}
        assert aliases <= names
        assert all(entry.listed_on for entry in reading.entries)

    def test_a_file_cut_off_is_refused(self, path: Path) -> None:
        data = path.read_bytes()
        with pytest.raises(IntegrityError, match="not whole"):
            read("un.xml", data[: len(data) * 2 // 3])


class TestConsolidatedScreeningList:
    @pytest.fixture
    def data(self, real_lists: Path) -> bytes:
        return gzip.decompress((real_lists / "csl" / "consolidated.csv.gz").read_bytes())

    def test_the_real_file_is_read_whole(self, data: bytes) -> None:
        reading = read("consolidated.csv", data)
        rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
        assert reading.rows_read == len(rows) == len(reading.entries)
        sources = Counter(entry.programs[0] for entry in reading.entries)
        assert sources["EL"] == sum("Entity List" in row["source"] for row in rows) == 2001
        assert sources["CAP"] == sum("Capta" in row["source"] for row in rows)
        assert sources["MEU"] == sum("(MEU)" in row["source"] for row in rows)
        assert "OTHER" not in sources
        blocked = sum(
            "SDN" in row["source"] and "RUSSIA-EO14024" in row["programs"] for row in rows
        )
        assert sum(e.measure.eo14024_blocked for e in reading.entries) == blocked > 0

    def test_entity_list_addresses_give_the_country(self, data: bytes) -> None:
        reading = read("consolidated.csv", data)
        listed = [e for e in reading.entries if e.programs[0] == "EL" and e.addresses]
        assert len(listed) > 1900
        located = sum(all(a.country for a in e.addresses) for e in listed)
        assert located / len(listed) > 0.97
        assert {e.measure.measure for e in listed} == {"export_control"}

    def test_bics_are_found_whether_the_value_stands_first_or_last(self, data: bytes) -> None:
        reading = read("consolidated.csv", data)
        bics = {i.value for e in reading.entries for i in e.identifiers if i.kind == "bic"}
        rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
        told = {
            one.split(",")[0].strip()
            for row in rows
            for one in row["ids"].split(";")
            if one.strip().endswith(", SWIFT/BIC")
        }
        assert told <= bics
        assert len(told) > 100

    def test_json_records_are_read_like_rows(self) -> None:
        record = {
            "id": "abc",
            "source": "Specially Designated Nationals (SDN) - Treasury Department",
            "entity_number": 77,
            "type": "Entity",
            "programs": ["RUSSIA-EO14024"],
            "name": "POLAR BANK",
            "addresses": [{"address": "1 Ice St.", "city": "Moscow", "country": "RU"}],
            "alt_names": ["PB"],
            "ids": [{"type": "SWIFT/BIC", "number": "POLARUMM", "country": None}],
            "start_date": "2022-02-24",
        }
        data = json.dumps({"total": 1, "results": [record]}).encode()
        [entry] = read("consolidated.json", data).entries
        assert (entry.number, entry.measure.measure) == ("SDN-77", "blocking")
        assert entry.measure.eo14024_blocked
        assert entry.addresses == (Address("1 Ice St.", "Moscow", "RU"),)
        assert entry.identifiers == (Identifier("bic", "POLARUMM"),)
        assert entry.listed_on == date(2022, 2, 24)

    def test_a_page_of_results_is_not_the_list(self) -> None:
        data = json.dumps({"total": 9, "results": [{"source": "x (EL)", "name": "A"}]}).encode()
        with pytest.raises(IntegrityError, match="fewer records"):
            read("consolidated.json", data)

    @pytest.mark.parametrize("keep", [0.5, 0.98])
    def test_a_file_cut_off_is_refused(self, data: bytes, keep: float) -> None:
        cut = data[: int(len(data) * keep)]
        with pytest.raises(IntegrityError, match=r"ends inside a row|wrong encoding"):
            read("consolidated.csv", cut[: cut.rfind(b",") - 1])


def test_the_eu_file_is_read_as_xml_and_as_csv() -> None:
    for name, data in (("eu.xml", samples.EU_XML), ("eu.csv", samples.EU_CSV)):
        reading = read(name, data)
        entries = by_number(reading)
        bank = entries["13"]
        assert reading.list == "EU-FSF"
        assert reading.published_on == date(2024, 5, 3), name
        assert bank.names == (
            ListName("Polar Bank", "primary"),
            ListName("Polyarny Bank", "strong"),
            ListName("PB", "weak"),
        ), name
        assert bank.programs == ("UKR",)
        assert bank.identifiers == (
            Identifier("bic", "POLARUMM"),
            Identifier("ogrn", "1027739609391", "RU"),
        ), name
        assert bank.addresses == (Address("1 Ice St.", "Moscow, 101000", "RU"),), name
        assert bank.listed_on == date(2022, 2, 25)
        assert bank.measure.measure == "blocking"
        person = entries["14"]
        assert (person.entry_type, person.birth_dates) == ("individual", ("1961-02-03", "1962"))
        assert person.countries == ("RU",)


def test_the_uk_lists_are_read_in_both_layouts() -> None:
    for name, data in (("UK-Sanctions-List.csv", samples.UK_CSV), ("ConList.csv", samples.CON_CSV)):
        reading = read(name, data)
        entries = by_number(reading)
        assert reading.list == "UK-SL"
        assert reading.published_on == date(2026, 1, 28), name
        firm = next(e for e in entries.values() if e.entry_type == "entity")
        assert firm.names == (
            ListName("POLAR BANK JSC", "primary"),
            ListName("POLYARNY BANK", "strong"),
            ListName("PB", "weak"),
        ), name
        assert firm.listed_on == date(2022, 2, 24), name
        assert Address("1 Ice St.", "Moscow, 101000", "RU") in firm.addresses, name
        found = {(i.kind, i.value) for i in firm.identifiers}
        assert {("bic", "POLARUMM"), ("inn", "7702070139"), ("ogrn", "1027739609391")} <= found
        person = next(e for e in entries.values() if e.entry_type == "individual")
        assert person.name == "Ivan Petrovich SNEGOV"
        assert person.birth_dates == ("1961-02-03", "1962"), name
        assert Identifier("passport", "123456", "RU") in person.identifiers


@pytest.mark.parametrize("name", ["sdn.xml", "sdn_advanced.xml"])
def test_the_xml_forms_of_ofac_say_what_the_csv_says(name: str) -> None:
    data = samples.SDN_XML if name == "sdn.xml" else samples.SDN_ADVANCED_XML
    reading = read(name, data)
    entries = by_number(reading)
    assert reading.list == "OFAC-SDN"
    assert reading.published_on == date(2024, 5, 3)
    bank, person, ship = entries["7"], entries["8"], entries["9"]
    assert bank.names == (
        ListName("POLAR BANK", "primary"),
        ListName("POLYARNY BANK", "strong"),
        ListName("OLD BANK", "formerly"),
        ListName("PB", "weak"),
    )
    assert bank.programs == ("RUSSIA-EO14024",)
    assert bank.measure.eo14024_blocked
    assert bank.measure.section_11_remark
    assert set(bank.identifiers) >= {
        Identifier("bic", "POLARUMM"),
        Identifier("inn", "7702070139", "RU"),
    }
    assert bank.addresses == (Address("1 Ice St.", "Moscow, 101000", "RU"),)
    assert (person.name, person.entry_type) == ("SNEGOV, Ivan", "individual")
    assert person.birth_dates == ("1961-02-03",)
    assert person.countries == ("RU",)
    assert Identifier("passport", "123456", "RU") in person.identifiers
    assert ship.entry_type == "vessel"
    assert Identifier("imo", "9074729") in ship.identifiers
    assert "PA" in ship.countries


def test_advanced_xml_gives_listing_dates_and_ownership() -> None:
    reading = read("sdn_advanced.xml", samples.SDN_ADVANCED_XML)
    entries = by_number(reading)
    assert entries["7"].listed_on == date(2022, 2, 24)
    assert entries["7"].listed_on_source == "publisher"
    assert entries["9"].linked_to == ("POLAR BANK", "SNEGOV, Ivan")
    [holding] = reading.holdings
    assert (holding.owner_number, holding.owned_number) == ("7", "9")
    assert holding.share_percent == 51.5


def test_an_xml_file_with_another_count_than_it_says_is_refused() -> None:
    data = samples.SDN_XML.replace(b"<Record_Count>3<", b"<Record_Count>4<")
    with pytest.raises(IntegrityError, match="holds 3 entries and says it holds 4"):
        read("sdn.xml", data)


def test_entities_in_xml_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    data = samples.SDN_XML.replace(
        b"<sdnList", f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><sdnList'.encode(), 1
    ).replace(b"POLAR BANK", b"&e;")
    with pytest.raises(IntegrityError, match="document type"):
        read("sdn.xml", data)


def test_opensanctions_targets_are_read() -> None:
    [bank, person] = read("targets.simple.csv", samples.TARGETS_CSV).entries
    assert bank.names == (ListName("Polar Bank", "primary"), ListName("Bank; Polar", "strong"))
    assert {(i.kind, i.value) for i in bank.identifiers} >= {("registration_number", "POLARUMM")}
    assert bank.measure.eo14024_blocked
    assert (person.entry_type, person.birth_dates) == ("individual", ("1961-02-03",))


def test_opensanctions_entities_give_targets_and_dated_shares() -> None:
    reading = read("entities.ftm.json", samples.FTM_LINES)
    entries = by_number(reading)
    assert set(entries) == {"os-bank"}, "the firm it owns is no target itself"
    bank = entries["os-bank"]
    assert Identifier("bic", "POLARUMM", "RU") in bank.identifiers
    assert bank.listed_on == date(2022, 2, 24)
    assert bank.measure.measure == "blocking"
    [holding] = reading.holdings
    assert (holding.owner_number, holding.owned_number) == ("os-bank", None)
    assert (holding.owned_name, holding.owned_country) == ("Alfa Ticaret", "TR")
    assert (holding.share_percent, holding.valid_from) == (60.0, date(2021, 1, 1))
    assert [r.row for r in reading.rejected] == [4]


def test_an_own_list_is_read_and_its_bad_rows_are_named() -> None:
    reading = read("own.csv", samples.OWN_CSV)
    [bank] = reading.entries
    assert bank.names == (ListName("Polar Bank", "primary"), ListName("PB", "strong"))
    assert bank.identifiers == (
        Identifier("bic", "POLARUMM"),
        Identifier("inn", "7702070139", "RU"),
        Identifier("registration_number", "X1", "RU"),
    )
    assert bank.measure.measure == "blocking"
    assert [(r.row, r.reason) for r in reading.rejected] == [
        (2, "own_id or name is empty"),
        (3, "country 'Atlantis' is not a country"),
    ]


CUTS: dict[str, Callable[[], bytes]] = {
    "eu.xml": lambda: samples.EU_XML,
    "eu.csv": lambda: samples.EU_CSV,
    "UK-Sanctions-List.csv": lambda: samples.UK_CSV,
    "sdn.xml": lambda: samples.SDN_XML,
    "sdn_advanced.xml": lambda: samples.SDN_ADVANCED_XML,
    "targets.simple.csv": lambda: samples.TARGETS_CSV,
    "entities.ftm.json": lambda: samples.FTM_LINES.rstrip(b"\n"),
}


@pytest.mark.parametrize("name", CUTS)
def test_a_cut_off_file_of_any_layout_is_refused(name: str) -> None:
    data = CUTS[name]()
    with pytest.raises(IntegrityError):
        read(name, data[:-30])


def test_the_real_folders_hold_no_file_that_is_taken_for_another_list(real_lists: Path) -> None:
    told = Counter(
        found[1] for file in find_list_files(real_lists) if (found := recognise(file)) is not None
    )
    assert told == {"OFAC-SDN": 13, "OFAC-CONS": 4, "US-CSL": 1, "UN-SC": 1}


def test_a_uk_entry_without_asset_freeze_is_not_blocked() -> None:
    data = samples.UK_CSV.replace(b"Other Information,", b"Sanctions Imposed,")
    data = data.replace(b'"Entity",""', b'"Entity","Prohibition of port entry"')
    measures = {e.entry_type: e.measure.measure for e in read("uk.csv", data).entries}
    assert measures == {"entity": "other", "individual": "blocking"}


def test_a_variation_of_the_primary_name_is_an_alias() -> None:
    data = samples.UK_CSV.replace(b'"AKA","Good quality"', b'"Primary name variation",""')
    firm = next(e for e in read("uk.csv", data).entries if e.entry_type == "entity")
    assert [n.quality for n in firm.names] == ["primary", "strong", "weak"]
