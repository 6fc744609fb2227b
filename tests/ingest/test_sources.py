"""Files: found in order, cut at message starts, every byte accounted for."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given

from scanner import ingest
from scanner.errors import UsageError
from scanner.ingest import source
from scanner.ingest.streams import CHUNK_BYTES
from scanner.schema import TABLES
from tests.ingest.test_cutting import PIECES
from tests.pipeline.payments import Payment, rje

ONE, TWO = Payment("ONE"), Payment("TWO")


def read(*paths: Path) -> dict[str, list[dict[str, Any]]]:
    made: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("messages", "transactions", "rejected")
    }
    for batch in ingest.read_sources(ingest.find_sources([str(path) for path in paths])):
        for name, gathered in made.items():
            table = getattr(batch, name)
            assert table.schema == TABLES[name].arrow_schema
            gathered.extend(table.to_pylist())
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "in.fin"


@pytest.mark.parametrize(
    "content",
    [
        rje([ONE, TWO]),
        rje([ONE]) + b"\r\n" + rje([TWO]),
        b"\x01" + rje([ONE]) + b"\x03" + b" " * 99 + b"\x01" + rje([TWO]) + b"\x03",
        b"\xef\xbb\xbf" + rje([ONE, TWO]) + b"\x1a",
        ("\ufeff" + rje([ONE, TWO]).decode()).encode("utf-16"),
        gzip.compress(rje([ONE, TWO])),
        b"{1:F21QQBBTRISAXXX0000000001}{4:{177:2408151200}{451:0}}"
        + rje([ONE])
        + b"\n"
        + rje([TWO]),
    ],
    ids=["rje", "plain", "dos_pcc", "bom", "utf16", "gzip", "ack"],
)
def test_containers_give_the_same_messages(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    made = read(file)
    assert [row["reference"] for row in made["transactions"]] == ["ONE", "TWO"]
    assert made["rejected"] == []


def test_a_dollar_sign_in_a_text_cuts_nothing(file: Path) -> None:
    file.write_bytes(rje([Payment("ONE", text="PRICE 5 $ EACH"), TWO]))
    assert len(read(file)["messages"]) == 2


def test_an_acknowledgement_belongs_to_the_message_after_it(file: Path) -> None:
    nak = b"{1:F21QQBBTRISAXXX0000000001}{4:{177:2408151200}{451:1}{405:H01}}"
    file.write_bytes(nak + rje([ONE]) + b"\r\n" + rje([TWO]))
    assert [row["is_acknowledged"] for row in read(file)["messages"]] == [False, None]


def test_offsets_lead_to_the_bytes_of_each_message(file: Path) -> None:
    content = b"printed header\r\n" + rje([ONE, TWO])
    file.write_bytes(content)
    for row in read(file)["messages"]:
        piece = content[row["byte_offset"] : row["byte_offset"] + row["byte_length"]]
        assert piece.startswith(b"{1:F01")
        assert piece.endswith(b"-}")


MX = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08">'
    "<FIToFICstmrCdtTrf><CdtTrfTxInf>"
    '<IntrBkSttlmAmt Ccy="EUR">5</IntrBkSttlmAmt><Dbtr><Nm>A</Nm></Dbtr></CdtTrfTxInf>'
    "</FIToFICstmrCdtTrf></Document>"
)


def test_a_translated_message_in_a_comment_hides_nothing_and_counts_not_twice(file: Path) -> None:
    file.write_bytes(
        b"<?xml version='1.0'?><DataPDU><!--" + rje([ONE]) + b"-->" + MX.encode() + b"</DataPDU>"
    )
    made = read(file)
    assert [row["message_type"] for row in made["messages"]] == ["pacs.008.001.08"]
    assert made["rejected"] == []


def test_xml_behind_a_fin_message_is_read_as_well(file: Path) -> None:
    file.write_bytes(rje([ONE]) + b"\r\n" + MX.encode())
    assert [row["format"] for row in read(file)["messages"]] == ["MT", "MX"]


def test_members_of_a_zip_are_named_and_never_extracted(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.fin", rje([ONE]))
        archive.writestr("b/two.fin", rje([TWO]))
    made = read(path)
    assert [row["source_file"] for row in made["messages"]] == [
        f"{path}!../../evil.fin",
        f"{path}!b/two.fin",
    ]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.zip"]


def test_bombs_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"\0" * 50_000_000))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"\0" * 50_000_000)
    (tmp_path / "bomb.zip").write_bytes(inner.getvalue())
    made = read(tmp_path)
    assert made["messages"] == []
    assert [row["reason_code"] for row in made["rejected"]] == ["bomb", "zip_bomb"]


@pytest.mark.parametrize(
    ("offset", "value"), [(6, 1), (8, 99)], ids=["encrypted", "unknown_method"]
)
def test_a_zip_that_nobody_can_unpack_is_rejected(file: Path, offset: int, value: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.fin", rje([ONE]))
    content = bytearray(packed.getvalue())
    content[offset] = value
    content[content.find(b"PK\x01\x02") + offset + 2] = value
    file.write_bytes(bytes(content))
    made = read(file)
    assert made["messages"] == []
    (row,) = made["rejected"]
    assert row["reason_code"] == "archive"
    assert row["byte_length"] == len(content)


def test_messages_before_the_damage_of_an_archive_are_kept(file: Path) -> None:
    payments = rje([Payment(f"P{n}", text=f"INVOICE {n * 7919}") for n in range(3000)])
    packed = gzip.compress(payments)
    file.write_bytes(packed[: len(packed) // 2])
    made = read(file)
    assert len(made["messages"]) > 100
    assert made["rejected"][-1]["reason_code"] == "archive"


def test_ebcdic_is_read(file: Path) -> None:
    file.write_bytes(rje([ONE, TWO]).decode().encode("cp037"))
    made = read(file)
    assert [row["reference"] for row in made["transactions"]] == ["ONE", "TWO"]
    assert {row["charset"] for row in made["messages"]} == {"ebcdic"}


def test_one_large_file_gives_bounded_batches_and_the_same_rows_in_any_number_of_processes(
    file: Path,
) -> None:
    file.write_bytes(rje([Payment(f"P{n}") for n in range(22_000)]))
    batches = list(ingest.read_sources([file], workers=2))
    assert len(batches) > 1, "a file is cut into several jobs"
    alone = list(ingest.read_sources([file]))
    for name in ("messages", "transactions", "parties", "texts"):
        one, two = (
            pa.concat_tables([getattr(batch, name) for batch in found])
            for found in (alone, batches)
        )
        assert one.equals(two)
    (facts,) = [facts for batch in batches for facts in batch.sources]
    assert (facts.messages, facts.rejected) == (22_000, 0)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 broken", b"\x1f\x8b broken", b"minutes of a meeting", b"{}"]
)
def test_what_is_no_message_file_is_rejected_whole(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    (row,) = read(file)["rejected"]
    assert (row["byte_offset"], row["byte_length"]) == (0, len(content))


def test_two_files_of_equal_bytes_are_two_deliveries(tmp_path: Path) -> None:
    for name in ("a.fin", "b.fin"):
        (tmp_path / name).write_bytes(rje([ONE]))
    ids = [row["message_id"] for row in read(tmp_path)["messages"]]
    assert len(set(ids)) == 2


def test_starts_without_number_give_bounded_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_MOST_PIECES", 100)
    monkeypatch.setattr(source, "_PIECE_BYTES", CHUNK_BYTES // 100)
    path = tmp_path / "starts.xml"
    path.write_bytes(b"<Document>" * 1050)
    batches = list(ingest.read_sources([path]))
    assert sum(batch.rejected.num_rows for batch in batches) == 1050
    assert max(batch.rejected.num_rows for batch in batches) == 100
    assert batches[-1].sources[0].rejected == 1050


def test_more_processes_give_the_same_rows_in_the_same_order(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.fin").write_bytes(rje([Payment(f"P{number}"), TWO]))
    (tmp_path / "5.fin").write_bytes(rje([Payment("P0"), TWO]))
    (tmp_path / "6.txt").write_bytes(b"no message")
    paths = ingest.find_sources([str(tmp_path)])
    one, two = (
        [
            row
            for batch in ingest.read_sources(paths, workers=workers)
            for table in (batch.messages, batch.transactions, batch.parties, batch.rejected)
            for row in table.to_pylist()
        ]
        for workers in (1, 2)
    )
    assert sorted(map(repr, one)) == sorted(map(repr, two))
    assert [
        source.path for b in ingest.read_sources(paths, workers=2) for source in b.sources
    ] == paths


def test_sources_are_found_in_order_and_hidden_files_left_out(tmp_path: Path) -> None:
    for name in ("b.fin", "a.fin", ".hidden"):
        (tmp_path / name).write_bytes(b"x")
    found = ingest.find_sources([str(tmp_path), str(tmp_path / "*.fin")])
    assert [path.name for path in found] == ["a.fin", "b.fin"]
    with pytest.raises(UsageError, match="no file found"):
        ingest.find_sources([str(tmp_path / "none*")])


@given(PIECES)
def test_no_bytes_make_the_reader_fail_and_counts_balance(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.fin"
        path.write_bytes(content)
        for batch in ingest.read_sources([path]):
            (facts,) = batch.sources
            assert facts.messages == batch.messages.num_rows
            assert facts.rejected == batch.rejected.num_rows
            assert len(batch.excerpts) == facts.rejected


def test_an_archive_in_a_zip_is_rejected_and_what_stands_behind_it_is_read(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("hidden.fin", rje([Payment("HIDDEN")]))
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("plain.fin", rje([Payment("PLAIN")]))
    (tmp_path / "packed.gz").write_bytes(gzip.compress(inner.getvalue()))
    references, rejected = [], []
    for batch in ingest.read_sources(ingest.find_sources([str(tmp_path)])):
        references += batch.transactions["reference"].to_pylist()
        rejected += batch.rejected.to_pylist()
    assert references == ["PLAIN"]
    assert [(Path(r["source_file"]).name, r["reason_code"]) for r in rejected] == [
        ("outer.zip!inner.zip", "archive_in_archive"),
        ("packed.gz", "archive_in_archive"),
    ]
