"""Exports of rows: what the mapping says is read, what it does not fit is refused by place."""

import gzip
import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scanner import ingest
from scanner.errors import UsageError
from scanner.ingest import ExportMapping, Limits, read_mapping
from tests.conftest import ROOT
from tests.pipeline.payments import Payment

PAGE = (ROOT / "docs" / "mapping.md").read_text("utf-8")
COLUMNS_TOML, RAW_TOML = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
(EXAMPLE_CSV,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)

SMALL = """
[[export]]
files = ["*.csv", "*.parquet", "*.txt"]
[export.transaction]
reference = "ref"
amount = "amount"
currency = { value = "EUR" }
value_date = "day"
[[export.party]]
role = "creditor"
name = "payee"
country = "country"
"""


@pytest.mark.parametrize(
    ("told", "amount"),
    [("-12.50", "12.50"), ("12.50-", "12.50"), ("+12.50", "12.50"), ("(12.50)", "12.50"),
     ("12.50", "12.50"), ("--12.50", None), ("-", None), ("(-12.50)", None), ("1-2", None)],
)  # fmt: skip
def test_a_sign_is_dropped_where_the_mapping_says_so(
    tmp_path: Path, told: str, amount: str | None
) -> None:
    content = f"ref,amount,day,payee,country\r\nR1,{told},2024-08-15,SOMEBODY,DE\r\n".encode()
    signed = SMALL.replace('files = ["*.csv"', 'signs = true\nfiles = ["*.csv"')
    found = read(tmp_path, "a.csv", content, signed)
    made = [str(t["amount"].quantize(Decimal("0.01"))) for t in found["transactions"]]
    assert made == ([amount] if amount else [])
    assert [r["reason_code"] for r in found["rejected"]] == ([] if amount else ["amount"])


def test_a_sign_is_refused_where_the_mapping_does_not_allow_it(tmp_path: Path) -> None:
    content = b"ref,amount,day,payee,country\r\nR1,-12.50,2024-08-15,SOMEBODY,DE\r\n"
    (refused,) = read(tmp_path, "a.csv", content)["rejected"]
    assert (refused["reason_code"], "sign" in refused["reason"]) == ("amount", True)
    with pytest.raises(UsageError, match="signs must be true or false"):
        mapping_of(tmp_path, SMALL.replace("[[export]]", "[[export]]\nsigns = 1"))


def mapping_of(tmp_path: Path, text: str) -> ExportMapping:
    path = tmp_path / "mapping.toml"
    path.write_text(text, "utf-8")
    return read_mapping(path)


def read(
    tmp_path: Path, name: str, content: bytes, toml: str = SMALL, **limits: int
) -> dict[str, list[dict[str, Any]]]:
    path = tmp_path / name
    path.write_bytes(content)
    found: dict[str, list[dict[str, Any]]] = {}
    mapping = mapping_of(tmp_path, toml)
    for batch in ingest.read_sources([path], mapping=mapping, limits=Limits(**limits)):
        for table in ("messages", "transactions", "parties", "texts", "rejected"):
            found.setdefault(table, []).extend(getattr(batch, table).to_pylist())
        if batch.sources:
            (facts,) = batch.sources
            assert facts.messages == len(found["messages"])
            assert facts.rejected == len(found["rejected"])
    return found


def test_the_example_of_the_page(tmp_path: Path) -> None:
    content = EXAMPLE_CSV.encode("cp1252")
    made = read(tmp_path, "transfers-1.csv", content, COLUMNS_TOML)
    first, second = made["transactions"]
    assert (first["amount"], first["currency"]) == (Decimal("125000.50000"), "EUR")
    assert (first["value_date"], first["kind"]) == (date(2024, 8, 15), "customer_transfer")
    assert first["uetr"] == "8a562c67-ca16-4abc-b074-65581be6f001"
    assert first["debtor_name"] == "ORBITEX SANAYI VE TICARET LTD STI"
    assert (first["debtor_country"], first["creditor_country"]) == ("TR", "DE")
    assert first["creditor_agent_bic"] == "QQAADEFFXXX"
    assert (second["kind"], second["currency"], second["uetr"]) == ("return", "JPY", None)
    parties = [(p["role"], p["country"], p["country_source"]) for p in made["parties"][:3]]
    assert parties == [
        ("debtor", "TR", "structured"),
        ("creditor", "DE", "address_text"),
        ("creditor_agent", "DE", "bic"),
    ]
    assert made["texts"][0]["text"] == "INVOICE 4711\nCOTTON YARN"
    assert made["texts"][0]["field_path"] == "Details 1+Details 2"
    (rejected,) = made["rejected"]
    assert (rejected["reason_code"], rejected["field_path"]) == ("date", "Value date")
    assert rejected["reason"] == "column 'Value date': it holds no date like %d.%m.%Y"
    start = rejected["byte_offset"]
    assert content[start : start + 9] == b"TR-000103"
    assert rejected["byte_length"] == len(content) - start
    assert {m["message_type"] for m in made["messages"]} == {"MT103"}
    assert {m["format"] for m in made["messages"]} == {"EXPORT"}


def test_every_place_of_a_csv_file_is_its_own(tmp_path: Path) -> None:
    rows = [
        b"ref,amount,day,payee,country\r\n",
        b'R1,1.5,2024-08-15,"NAME\r\nOF TWO LINES",DE\r\n',
        b'R2,1.5,2024-08-15,"QUOTED ""NAME""",DE\r\n',
        b"\r\n",
        b'R3,1.5,2024-08-15,INCH 5" PIPE,DE',
    ]  # fmt: skip
    made = read(tmp_path, "a.csv", b"".join(rows))
    places = [(m["byte_offset"], m["byte_length"]) for m in made["messages"]]
    starts = [sum(map(len, rows[:i])) for i in (1, 2, 4)]
    assert places == [
        (start, len(row)) for start, row in zip(starts, (rows[1], rows[2], rows[4]), strict=True)
    ]
    names = [p["name"] for p in made["parties"]]
    assert names == ["NAME\r\nOF TWO LINES", 'QUOTED "NAME"', 'INCH 5" PIPE']


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ('R,"1,5",2024-08-15,A,DE', "amount", "amount"),
        ("R,1.234567,2024-08-15,A,DE", "amount", "amount"),
        ("R,-5,2024-08-15,A,DE", "amount", "amount"),
        ("R,1e5,2024-08-15,A,DE", "amount", "amount"),
        ("R,,2024-08-15,A,DE", "no_amount", "amount"),
        ("R,5,15.08.2024,A,DE", "date", "day"),
        ("R,5,2024-02-30,A,DE", "date", "day"),
        ("R,5,2024-08-15,A", "row", None),
        ("R,5,2024-08-15,A,DE,X", "row", None),
        ('R,5,2024-08-15,"A"B,DE', "row", None),
        ('R,5,2024-08-15,"A', "row", None),
        (b"R,5,2024-08-15,\xff\xfe,DE", "encoding", None),
    ],
)
def test_a_row_that_does_not_fit_is_rejected_and_the_others_are_read(
    row: str | bytes, code: str, column: str | None, tmp_path: Path
) -> None:
    good = b"G,5,2024-08-15,A,DE\n"
    bad = row.encode() if isinstance(row, str) else row
    head = b"ref,amount,day,payee,country\n"
    made = read(tmp_path, "a.csv", head + good + bad + b"\n")
    assert [t["reference"] for t in made["transactions"]] == ["G"]
    (rejected,) = made["rejected"]
    assert (rejected["reason_code"], rejected["field_path"]) == (code, column)
    assert rejected["byte_offset"] == len(head + good)
    after = read(tmp_path, "b.csv", head + bad + b"\n" + good)
    # Only an open quote may take the rows behind it with it, and it says so.
    expected = [] if row == 'R,5,2024-08-15,"A' else ["G"]
    assert [t["reference"] for t in after["transactions"]] == expected
    assert len(after["rejected"]) == 1


def test_what_is_no_code_is_kept_where_it_is_screened(tmp_path: Path) -> None:
    toml = SMALL.replace("[[export.party]]", 'uetr = "id"\n[[export.party]]', 1)
    toml += 'bic = "bank"\nlei = "lei"\n'
    head = b"ref,amount,day,payee,country,bank,lei,id\n"
    content = head + b"R,5,2024-08-15,A,ATLANTIS,NOBIC,X1,not-a-uuid\n"
    made = read(tmp_path, "a.csv", content, toml)
    (party,), (message,) = made["parties"], made["messages"]
    assert (party["country"], party["bic"], party["lei"]) == (None, None, None)
    assert party["identifier"] == "BIC:NOBIC; LEI:X1"
    assert "ATLANTIS" in party["raw"]
    assert "ATLANTIS" in party["address"]
    assert message["repaired"]
    assert [repair.split("'")[1] for repair in message["repairs"]] == [
        "id",
        "country",
        "bank",
        "lei",
    ]


@pytest.mark.parametrize("form", ["utf-16", "bom", "gzip", "zip"])
def test_containers_of_csv(form: str, tmp_path: Path) -> None:
    text = "ref,amount,day,payee,country\nR,5,2024-08-15,ÅNGSTRÖM AB,SE\n"
    content, name = text.encode(), "a.csv"
    if form == "utf-16":
        content = text.encode("utf-16")
    elif form == "bom":
        content = text.encode("utf-8-sig")
    elif form == "gzip":
        content, name = gzip.compress(content), "a.csv"
    else:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("../../etc/a.csv", text)
            archive.writestr("note.fin", Payment("RAWMESSAGE").fin())
        content, name = packed.getvalue(), "a.zip"
    made = read(tmp_path, name, content)
    assert [p["name"] for p in made["parties"] if p["field_path"].startswith("payee")] == [
        "ÅNGSTRÖM AB"
    ]
    assert len(made["messages"]) == (2 if form == "zip" else 1)
    assert made["rejected"] == []


def test_parquet_gives_typed_values(tmp_path: Path) -> None:
    table = pa.table(
        {
            "ref": ["R1", "R2"],
            "amount": pa.array([Decimal("1234.50"), None], pa.decimal128(18, 2)),
            "day": pa.array([date(2024, 8, 15), date(2024, 8, 16)]),
            "payee": ["A", "B"],
            "country": ["DE", None],
        }
    )
    pq.write_table(table, tmp_path / "source")
    made = read(tmp_path, "a.parquet", (tmp_path / "source").read_bytes())
    (transaction,) = made["transactions"]
    assert (transaction["amount"], transaction["value_date"]) == (
        Decimal("1234.50000"),
        date(2024, 8, 15),
    )
    assert [(r["byte_offset"], r["reason_code"]) for r in made["rejected"]] == [(2, "no_amount")]
    floats = table.set_column(1, "amount", pa.array([0.1, 100000000.0]))
    pq.write_table(floats, tmp_path / "source")
    made = read(tmp_path, "b.parquet", (tmp_path / "source").read_bytes())
    assert [t["amount"] for t in made["transactions"]] == [Decimal("0.1"), Decimal(100_000_000)]


def test_a_damaged_parquet_file_is_rejected_whole(tmp_path: Path) -> None:
    made = read(tmp_path, "a.parquet", b"PAR1" + b"\x00" * 500 + b"PAR1")
    assert [r["reason_code"] for r in made["rejected"]] == ["parquet"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_column_of_whole_messages(form: str, tmp_path: Path) -> None:
    message = Payment("RAWCOLUMN1").fin()
    texts = [message.replace("\r\n", "|"), message[:-20], "no message", "", message + "$" + message]
    table = pa.table({"MESSAGE_TEXT": texts, "DELIVERED": ["Y", "N", "Y", "Y", ""]})
    if form == "parquet":
        pq.write_table(table, tmp_path / "source")
        content = (tmp_path / "source").read_bytes()
    else:
        quoted = [
            [t.replace('"', '""'), d] for t, d in zip(*table.to_pydict().values(), strict=True)
        ]
        content = ("MESSAGE_TEXT,DELIVERED\n" + "".join(f'"{t}",{d}\n' for t, d in quoted)).encode()
    made = read(tmp_path, f"archive-1.{form}", content, RAW_TOML)
    assert {t["reference"] for t in made["transactions"]} == {"RAWCOLUMN1"}
    assert [m["message_type"] for m in made["messages"]] == ["MT103"] * 4
    assert [m["is_acknowledged"] for m in made["messages"]] == [True, False, None, None]
    assert [m["repaired"] for m in made["messages"]] == [False, True, False, False]
    assert len({m["message_id"] for m in made["messages"]}) == 4
    assert [(r["reason_code"], r["field_path"]) for r in made["rejected"]] == [
        ("not_a_message", "MESSAGE_TEXT"),
        ("no_message", "MESSAGE_TEXT"),
    ]


def test_a_line_without_end_costs_no_memory(tmp_path: Path) -> None:
    head = b"ref,amount,day,payee,country\n"
    content = head + b"A" * 500_000 + b"\nR,5,2024-08-15,A,DE\n"
    made = read(tmp_path, "a.csv", content, message_bytes=10_000)
    (rejected,) = made["rejected"]
    assert (rejected["reason_code"], rejected["byte_offset"]) == ("too_long", len(head))
    assert rejected["byte_length"] == 500_001
    assert [t["reference"] for t in made["transactions"]] == ["R"]


def test_equal_rows_are_copies_only_where_a_reference_says_so(tmp_path: Path) -> None:
    row = b"R,5,2024-08-15,A,DE\n"
    content = b"ref,amount,day,payee,country\n" + row + row
    hashes = {m["content_sha256"] for m in read(tmp_path, "a.csv", content)["messages"]}
    assert len(hashes) == 1
    without = content.replace(b"R,5", b",5")
    hashes = {m["content_sha256"] for m in read(tmp_path, "b.csv", without)["messages"]}
    assert len(hashes) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[exports]]", "unknown key 'exports'"),
        ("x = ", "no TOML"),
        ("", "no export"),
        (SMALL.replace("creditor", "creditr"), "unknown role 'creditr'"),
        (SMALL.replace("country =", "contry ="), "unknown key 'contry'"),
        (SMALL.replace('amount = "amount"', "amount = 5"), "a text or a list"),
        (SMALL.replace("currency", "purpose_code"), "needs its currency"),
        (SMALL.replace("[[export.party]]", "[export.party]"), "two brackets"),
        (SMALL.partition("[[export.party]]")[0], "names no party"),
        (SMALL.replace("[export.tr", 'decimal = ".."\n[export.tr'), "single signs"),
        (SMALL.replace("[export.tr", 'encoding = "utf-16"\n[export.tr'), "not known"),
        (SMALL.replace("[export.tr", 'raw_message = "m"\n[export.tr'), "nothing else of a row"),
        (SMALL + '[export.kinds]\nOUT = "transfer"\n', "unknown kind of transaction"),
        (SMALL + '[[export.text]]\nkind = "memo"\ntext = "t"\n', "unknown kind of text"),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_by_place(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=re.escape(message)) as refused:
        mapping_of(tmp_path, text)
    assert "mapping.toml" in refused.value.where


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_file_without_a_mapped_column_stops_the_reading(name: str, tmp_path: Path) -> None:
    pq.write_table(pa.table({"reff": ["R"]}), tmp_path / "source")
    content = b"reff\nR\n" if name == "a.csv" else (tmp_path / "source").read_bytes()
    with pytest.raises(UsageError, match="'ref'") as refused:
        read(tmp_path, name, content)
    assert name in refused.value.where
    assert "reff" in refused.value.hint
