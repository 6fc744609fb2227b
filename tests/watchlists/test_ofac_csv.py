"""OFAC's CSV files: the layout's quirks, on small files and on the real ones."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import IntegrityError
from scanner.watchlists.entry import Entry, Identifier, ListName, Reading
from scanner.watchlists.list_files import ListFile, find_list_files
from scanner.watchlists.ofac_csv import layout, reader
from scanner.watchlists.ofac_csv.remarks import birth_dates_of, parse_remarks, segments_of
from tests.watchlists.list_samples import add_row, alt_row, sdn_file, sdn_row


def list_file(name: str, data: bytes) -> ListFile:
    return ListFile(name, "folder", data, None, None, name)


def read(
    *sdn: str, alt: tuple[str, ...] = (), add: tuple[str, ...] = (), comments: tuple[str, ...] = ()
) -> Reading:
    parts = {"primary": sdn, "alternate": alt, "address": add, "comments": comments}
    files = {part: list_file(f"{part}.csv", sdn_file(rows)) for part, rows in parts.items() if rows}
    return reader.read("OFAC-SDN", files)


def only(reading: Reading) -> Entry:
    [entry] = reading.entries
    return entry


def test_a_row_becomes_an_entry_with_its_aliases_and_addresses() -> None:
    reading = read(
        sdn_row(7, "POLAR ENGINE WORKS", program="UKRAINE-EO13662] [RUSSIA-EO14024"),
        alt=(alt_row(7, 1, "aka", "PEW LLC"), alt_row(7, 2, "fka", "NORTH ENGINES")),
        add=(add_row(7, 1, "1 Ice St.", "Arkhangelsk 163000", "Russia"),),
    )
    entry = only(reading)
    assert entry.names == (
        ListName("POLAR ENGINE WORKS", "primary"),
        ListName("PEW LLC", "strong"),
        ListName("NORTH ENGINES", "formerly"),
    )
    assert entry.programs == ("UKRAINE-EO13662", "RUSSIA-EO14024")
    assert entry.entry_type == "entity"
    assert entry.countries == ("RU",)
    assert entry.measure.measure == "blocking"
    assert entry.measure.eo14024_blocked


def test_a_program_counts_as_blocking_in_sdn_only() -> None:
    files = {"primary": list_file("cons_prim.csv", sdn_file([sdn_row(1, "NATIONAL FUND")]))}
    measure = only(reader.read("OFAC-CONS", files)).measure
    assert (measure.measure, measure.eo14024_blocked) == ("menu_based", False)


@pytest.mark.parametrize(
    "remark",
    [
        "Secondary sanctions risk: See Section 11 of Executive Order 14024.",
        "alt. Secondary sanctions risk: See Section 11 of Executive Order 14024.; MMSI 1",
        (
            "Secondary sanctions risk: this person is designated for operating or having operated"
            " in a sector of the Russian Federation economy determined to support Russia's"
            " military-industrial base pursuant to section 11 of Executive Order 14024."
        ),
    ],
)
def test_the_section_11_remark_is_seen_in_each_of_its_forms(remark: str) -> None:
    measure = only(read(sdn_row(1, "A", remarks=remark))).measure
    assert measure.section_11_remark
    assert bool(measure.designation_basis) == ("designated for" in remark)


def test_the_date_of_a_directive_is_not_the_date_of_blocking() -> None:
    remark = "Listing Date (EO 14024 Directive 3): 24 Feb 2022."
    assert only(read(sdn_row(1, "A", remarks=remark))).listed_on is None
    for program, expected in (
        ("RUSSIA-EO14024", date(2022, 2, 24)),
        ("UKRAINE-EO13662] [RUSSIA-EO14024", None),
    ):
        data = sdn_file([sdn_row(1, "A", program=program, remarks=remark)])
        reading = reader.read("OFAC-CONS", {"primary": list_file("cons_prim.csv", data)})
        assert only(reading).listed_on == expected


def test_remarks_cut_at_the_limit_go_on_in_the_comments_without_a_space() -> None:
    whole = "DOB 1950; " * 99 + "SWIFT/BIC POLARUMM; Tax ID No. 7702070139 (Russia)."
    cut, rest = whole[:1000], whole[1000:]
    reading = read(sdn_row(1, "A", remarks=cut), comments=(f'1,"{rest}"\r\n',))
    assert only(reading).remarks == whole
    assert Identifier("bic", "POLARUMM") in only(reading).identifiers


def test_a_comment_for_remarks_that_are_whole_is_refused_and_named() -> None:
    reading = read(sdn_row(1, "A", remarks="DOB 1950."), comments=('1,"anything else."\r\n',))
    assert only(reading).remarks == "DOB 1950."
    assert [(r.file, r.row, r.code) for r in reading.rejected] == [("comments.csv", 1, "unmatched")]


def test_rows_of_unknown_entries_are_counted_and_named() -> None:
    reading = read(sdn_row(1, "A"), alt=(alt_row(1, 1, "aka", "B"), alt_row(2, 2, "aka", "C")))
    assert reading.rows_read == 3
    assert [(r.row, r.code, r.reason) for r in reading.rejected] == [
        (2, "unmatched", "entry 2 is not in the primary file")
    ]


def test_a_row_of_a_wrong_shape_is_named_and_the_others_are_read() -> None:
    reading = read(sdn_row(1, "A"), '2,"SHORT"\r\n', sdn_row(3, "C"))
    assert [e.number for e in reading.entries] == ["1", "3"]
    assert [(r.row, r.code) for r in reading.rejected] == [(2, "unreadable")]


def test_identifiers_hidden_in_remarks_are_found() -> None:
    remarks = (
        "SWIFT/BIC POLARUMM; alt. SWIFT/BIC POLARUMMXXX; BIK (RU) 044525187;"
        " Tax ID No. 7702070139 (Russia); Registration Number 1027739609391 (Russia);"
        " Registration ID HRB 34095 (Germany); Legal Entity Number 253400V1H6ART1UQ0N98 (Russia);"
        " Government Gazette Number 00032520 (Russia); Website http://Polar.example/;"
        " Phone Number +7 (495) 1234567; Unified Social Credit Code (USCC) 9111000071093019X7"
        " (China); Passport 123 456 (Russia) issued 20 Nov 2014 expires 20 Nov 2024;"
        " Digital Currency Address - XBT 1QAbcDEfg; Chief Whatever."
    )
    found = {
        (i.kind, i.value, i.country)
        for i in only(read(sdn_row(1, "A", remarks=remarks))).identifiers
    }
    assert found == {
        ("bic", "POLARUMM", None),
        ("bic", "POLARUMMXXX", None),
        ("bik", "044525187", "RU"),
        ("inn", "7702070139", "RU"),
        ("ogrn", "1027739609391", "RU"),
        ("registration_number", "HRB34095", "DE"),
        ("lei", "253400V1H6ART1UQ0N98", "RU"),
        ("okpo", "00032520", "RU"),
        ("website", "polar.example", None),
        ("phone", "74951234567", None),
        ("registration_number", "9111000071093019X7", "CN"),
        ("passport", "123456", "RU"),
        ("crypto_address", "1QAbcDEfg", None),
    }


def test_ships_have_imo_numbers_and_their_owners_have_others() -> None:
    said = parse_remarks(
        "Vessel Registration Identification IMO 9074729; Identification Number IMO 5342883.",
        is_individual=False,
    )
    assert said.identifiers == [
        Identifier("imo", "9074729"),
        Identifier("imo_company", "5342883"),
    ]


def test_short_aliases_in_quotes_are_weak_and_former_names_are_former() -> None:
    said = parse_remarks("a.k.a. 'HESA'; f.k.a. 'O'BRIEN; SONS'; DOB 1950.", is_individual=False)
    assert said.names == [ListName("HESA", "weak"), ListName("O'BRIEN; SONS", "formerly")]
    assert said.birth_dates == ["1950"]


def test_a_quote_that_never_closes_swallows_nothing() -> None:
    assert segments_of("a.k.a. 'HESA; DOB 1950; a.k.a. 'B'.") == [
        "a.k.a. 'HESA",
        "DOB 1950",
        "a.k.a. 'B'",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 Dec 1948", ["1948-12-10"]),
        ("Mar 1945", ["1945-03"]),
        ("circa 1951", ["1951"]),
        ("circa 1961-1963", ["1961", "1962", "1963"]),
        ("01 Jan 1960 to 31 Dec 1961", ["1960", "1961"]),
        ("1900 to 1990", ["1900", "1990"]),
    ],
)
def test_birth_dates(text: str, expected: list[str]) -> None:
    assert birth_dates_of(text) == expected


@given(st.text(max_size=300))
def test_no_remark_breaks_the_reader(remarks: str) -> None:
    said = parse_remarks(remarks, is_individual=True)
    assert all(name.name for name in said.names)
    assert all(i.value for i in said.identifiers)


@given(st.lists(st.text(st.characters(exclude_characters=";"), min_size=1, max_size=20)))
def test_segments_keep_every_letter(pieces: list[str]) -> None:
    letters = re.compile(r"[^\w]")
    joined = "; ".join(pieces)
    assert letters.sub("", "".join(segments_of(joined))) == letters.sub("", joined)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_file_that_ends_inside_a_row_is_refused(kept: float) -> None:
    data = sdn_file(
        sdn_row(n, f"POLAR WORKS {n}", remarks="Tax ID No. 1 (Russia).") for n in range(50)
    )
    cut = data[: int(len(data) * kept)]
    while cut.endswith((b"\n", b'"', b"- ")):
        cut = cut[:-1]
    with pytest.raises(IntegrityError, match="ends inside a row"):
        reader.read("OFAC-SDN", {"primary": list_file("sdn.csv", cut)})


def test_files_are_told_apart_by_content_whatever_their_names() -> None:
    kinds = {
        "a.bin": (sdn_file([sdn_row(1, "A")]), ("OFAC-SDN", "primary")),
        "b.bin": (sdn_file([alt_row(1, 1, "aka", "B")]), ("OFAC-SDN", "alternate")),
        "c.bin": (sdn_file([add_row(1, 1, "", "Town", "Russia")]), ("OFAC-SDN", "address")),
        "cons_prim.csv": (sdn_file([sdn_row(1, "A")]), ("OFAC-CONS", "primary")),
        "d.bin": (sdn_file([sdn_row(1, "A", program="561-Related")]), ("OFAC-CONS", "primary")),
    }
    for name, (data, expected) in kinds.items():
        assert layout.recognise(list_file(name, data)) == expected
    assert layout.recognise(list_file("sdn.csv", b"hs_code,tier\n8542.31,1\n")) is None


@pytest.fixture(scope="module")
def readings(real_lists: Path) -> dict[str, tuple[Reading, dict[str, str]]]:
    made = {}
    for name, folder in (("OFAC-SDN", "ofac"), ("OFAC-CONS", "ofac-nonsdn")):
        files = {}
        for file in find_list_files(real_lists / folder):
            found = layout.recognise(file)
            assert found is not None, file.name
            assert found[0] == name
            files[found[1]] = file
        texts = {part: file.data.decode("cp1252") for part, file in files.items()}
        made[name] = (reader.read(name, files), texts)
    return made


class TestRealFiles:
    """Counts that `csv` and regular expressions give without the reader."""

    @staticmethod
    def raw(text: str) -> list[list[str]]:
        rows = csv.reader(io.StringIO(text.rstrip("\x1a"), newline=""))
        return [[cell.strip() for cell in row] for row in rows]

    @pytest.mark.parametrize("name", ["OFAC-SDN", "OFAC-CONS"])
    def test_every_row_is_used_or_named(
        self, readings: dict[str, tuple[Reading, dict[str, str]]], name: str
    ) -> None:
        reading, texts = readings[name]
        rows = {part: self.raw(text) for part, text in texts.items()}
        known = {row[0] for row in rows["primary"]}
        assert reading.rows_read == sum(map(len, rows.values()))
        assert len(reading.entries) == len(rows["primary"])
        unmatched = sum(
            row[0] not in known for part in ("alternate", "address") for row in rows[part]
        )
        named = [r for r in reading.rejected if not r.file.lower().endswith("comments.csv")]
        assert len(named) == unmatched
        assert all(r.code == "unmatched" for r in named)
        addresses = sum(
            row[0] in known and any(cell != "-0-" for cell in row[2:5]) for row in rows["address"]
        )
        assert sum(len(e.addresses) for e in reading.entries) == addresses

    @pytest.mark.parametrize("name", ["OFAC-SDN", "OFAC-CONS"])
    def test_programs_and_marks_are_counted_alike(
        self, readings: dict[str, tuple[Reading, dict[str, str]]], name: str
    ) -> None:
        reading, texts = readings[name]
        primary = texts["primary"]
        blocked = len(re.findall(r"^[^\n]*RUSSIA-EO14024", primary, re.MULTILINE))
        marked = len(
            re.findall(r"^[^\n]*[sS]ection 11 of Executive Order 14024", primary, re.MULTILINE)
        )
        expected = blocked if name == "OFAC-SDN" else 0
        assert sum(e.measure.eo14024_blocked for e in reading.entries) == expected
        # Some marks stand in the continued remarks only.
        assert sum(e.measure.section_11_remark for e in reading.entries) >= marked > 0

    def test_every_bic_of_the_remarks_is_found(
        self, readings: dict[str, tuple[Reading, dict[str, str]]]
    ) -> None:
        for reading, texts in readings.values():
            expected = set(re.findall(r"SWIFT/BIC ([A-Z0-9]{8,11})", texts["primary"]))
            found = {i.value for e in reading.entries for i in e.identifiers if i.kind == "bic"}
            assert found >= expected
            assert expected

    def test_every_quoted_alias_is_found(
        self, readings: dict[str, tuple[Reading, dict[str, str]]]
    ) -> None:
        reading, texts = readings["OFAC-SDN"]
        quoted = re.findall(r"a\.k\.a\. '([^';\"]+)'(?=[;.])", texts["primary"])
        names = {n.name for e in reading.entries for n in e.names}
        assert len(quoted) > 3000
        assert set(quoted) - names == set()

    def test_countries_of_addresses_are_known(
        self, readings: dict[str, tuple[Reading, dict[str, str]]]
    ) -> None:
        for _, texts in readings.values():
            countries = {row[4] for row in self.raw(texts["address"])} - {"-0-", "undetermined"}
            unknown = {
                c
                for c in countries
                if not reader._country(c) and not c.startswith(("Region:", "West Bank"))
            }
            assert unknown <= {"Netherlands Antilles"}


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        ("Listing Date (EO 14024 Directive 2): 24 Feb 2022.", "correspondent_account"),
        (
            "Prohibited from opening or maintaining a correspondent account.",
            "correspondent_account",
        ),
        ("Listing Date (EO 14024 Directive 3): 24 Feb 2022.", "menu_based"),
    ],
)
def test_the_directive_that_bars_accounts_is_told_from_the_others(
    remark: str, expected: str
) -> None:
    data = sdn_file([sdn_row(1, "NATIONAL FUND BANK", remarks=remark)])
    reading = reader.read("OFAC-CONS", {"primary": list_file("cons_prim.csv", data)})
    assert only(reading).measure.measure == expected


def test_blocking_stands_above_a_directive() -> None:
    remark = "Listing Date (EO 14024 Directive 2): 24 Feb 2022."
    assert only(read(sdn_row(1, "A", remarks=remark))).measure.measure == "blocking"
