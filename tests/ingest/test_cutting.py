"""Cutting: every byte is in a piece or between two, whatever the chunks; hostility is cheap."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.ingest.containers import Cutter, Piece, cut
from tests.pipeline.payments import Payment, rje

ONE, TWO = rje([Payment("ONE")]), rje([Payment("TWO")])
SPACE = "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"
MX = (
    f'<Document xmlns="{SPACE}"><FIToFICstmrCdtTrf><GrpHdr><MsgId>M</MsgId></GrpHdr>'
    '<CdtTrfTxInf><IntrBkSttlmAmt Ccy="EUR">5</IntrBkSttlmAmt></CdtTrfTxInf>'
    "</FIToFICstmrCdtTrf></Document>"
).encode()
HEADER = b'<h:AppHdr xmlns:h="urn:x"><h:BizMsgIdr>B</h:BizMsgIdr></h:AppHdr>'
ACK = b"{1:F21QQBBTRISAXXX0000000001}{4:{177:2408151200}{451:0}}"

PIECES = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [ONE, ONE[:90], ONE[40:], b"{1:F01", b"-}", b"$", b"\x01", b"\x03", ACK, MX, MX[:99],
             MX[50:], HEADER, b"<!--", b"-->", b"<Envelope>", b"</Envelope>", b"{5:{CHK:1}}",
             b"<?xml version='1.0'?>", b"\r\n"]
        ),
    ),
    max_size=8,
).map(b"".join)  # fmt: skip


def kinds(content: bytes) -> list[str]:
    return [piece.kind for piece in cut(content)]


_HARMLESS = re.compile(rb"<!--.*?-->|<[^<>]*>|\{1:F21[A-Z0-9]*\}\{4:(?:\{[^{}]*\})*\}", re.DOTALL)


def unaccounted(content: bytes, pieces: list[Piece]) -> bytes | None:
    """What lies between pieces and looks like part of a message, by a rule of the tests' own."""
    position = 0
    for piece in pieces:
        assert piece.offset >= position, "pieces overlap"
        assert content[piece.offset : piece.offset + piece.length] == piece.content
        between = _HARMLESS.sub(b"", content[position : piece.offset])
        if re.search(rb"[{]|^\s*:[0-9]{2}[A-Z]?:", between):
            return between
        position = piece.offset + piece.length
    if not pieces and content.removeprefix(b"\xef\xbb\xbf").strip(b" \r\n\t\v\f$\x00\x01\x03\x1a"):
        return content
    return None


def test_a_message_in_a_comment_alone_is_a_piece_that_is_no_message() -> None:
    content = b"<!-- " + MX + b" -->\r\n"
    assert [(piece.kind, piece.length) for piece in cut(content)] == [("noise", len(content))]
    assert kinds(content + MX) == ["xml"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<Document><a/></Document>", [25]),
        (b"<Document /><b/></Document>", [12]),
        (b"<Document><a/><Document><b/></Document></Document>", [14, 25]),
        (b"<p:Document><Document><b/></Document></p:Document>", [12, 25]),
        (b"<Document><a/></Document ><Document><b/></Document>", [26, 25]),
        (b"<Document><a/><AppHdr></AppHdr></Document>", [14]),
        (b"<Document>Document</Document>", [29]),
    ],
)
def test_a_document_ends_with_its_own_end_or_where_another_begins(
    content: bytes, expected: list[int]
) -> None:
    assert [piece.length for piece in cut(content) if piece.kind == "xml"] == expected


@given(PIECES)
def test_no_byte_is_lost_when_a_file_is_cut(content: bytes) -> None:
    assert unaccounted(content, cut(content)) is None


@given(PIECES, st.lists(st.integers(1, 90), min_size=1, max_size=6))
def test_the_chunks_of_a_file_do_not_matter(content: bytes, sizes: list[int]) -> None:
    cutter, found, position, turn = Cutter(), list[Piece](), 0, 0
    while position < len(content):
        size = sizes[turn % len(sizes)]
        found += cutter.feed(content[position : position + size])
        position, turn = position + size, turn + 1
    found += cutter.feed(b"", final=True)
    assert found == cut(content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ONE + TWO, ["fin", "fin"]),
        (ONE + b"UNUSUAL TRAILING WORDS" + TWO, ["fin", "fin"]),
        (ONE + TWO[3:], ["fin", "noise"]),
        (ONE + b"\r\n:20:LOST\r\n:32A:240815EUR1,\r\n", ["fin", "noise"]),
        (ACK + ONE, ["fin"]),
        (ACK + ACK + ONE, ["fin", "fin"]),
        (MX + MX, ["xml", "xml"]),
        (HEADER + MX, ["xml"]),
        (HEADER + HEADER + MX, ["noise", "xml"]),
        (MX + HEADER, ["xml", "noise"]),
        (b"<A><B>" + MX + b"</B><B>" + MX + b"</B></A>", ["xml", "xml"]),
        (b"<A><![CDATA[" + MX + b"]]></A>", ["xml"]),
        (b"<A><!--" + ONE + b"-->" + MX + b"</A>", ["xml"]),
        (b"<A><![CDATA[" + ONE + b"]]></A>", ["fin"]),
        (MX[:-5] + MX, ["xml", "xml"]),
        (MX.replace(b"<Document", b"<Docment") + MX, ["noise", "xml"]),
        (ONE + MX + TWO, ["fin", "xml", "fin"]),
        (b"<html><p>minutes</p></html>", ["noise"]),
        (b"minutes", ["noise"]),
        (b"", []),
        (b"\xef\xbb\xbf \r\n$", []),
    ],
)  # fmt: skip
def test_what_a_file_holds(content: bytes, expected: list[str]) -> None:
    assert kinds(content) == expected


def test_a_document_keeps_what_the_elements_around_it_declare() -> None:
    document = MX.replace(b"Document xmlns=", b"p:Document a=").replace(
        b"/Document", b"/p:Document"
    )
    (piece,) = cut(
        b"<?xml version='1.0' encoding='iso-8859-9'?><A xmlns:p='"
        + SPACE.encode()
        + b"'>"
        + document
    )
    assert piece.namespaces == b" xmlns:p='" + SPACE.encode() + b"'"
    assert piece.encoding == "iso-8859-9"


def test_behind_a_document_type_nothing_is_read() -> None:
    pieces = cut(b'<!DOCTYPE a [<!ENTITY b "c">]><A>' + MX + b"</A>")
    assert [(piece.kind, piece.refusal and piece.refusal[0]) for piece in pieces] == [
        ("noise", "doctype"),
        ("xml", "doctype"),
    ]


def test_what_never_ends_is_passed_over_in_bounded_memory() -> None:
    cutter = Cutter(longest_bytes=50_000)
    found: list[Piece] = []
    held = 0
    for chunk in [ONE, b"{1:F01" + b"A" * 999, *[b"A" * 10_000] * 50, TWO]:
        found += cutter.feed(chunk)
        held = max(held, len(cutter._held))
    found += cutter.feed(b"", final=True)
    assert [piece.kind for piece in found] == ["fin", "noise", "fin"]
    assert found[1].refusal is not None
    assert found[1].refusal[0] == "too_long"
    assert found[1].length == 1005 + 500_000
    assert held <= 70_000


@pytest.mark.parametrize(
    "hostile",
    [b"{1:F01", b"<Document ", b"<AppHdr>", b"<!--", b"-}", b"\r\n", b"{", b"<", b"{5:{",
     b"</Document>", b"{1:F21QQBBTRISAXXX0000000001}{4:{", b" xmlns:a='", b"<a:", b"&lt;Document ",
     b"\n:20:", b"-} "],
)  # fmt: skip
def test_hostile_repetition_costs_time_in_proportion(hostile: bytes) -> None:
    """Eight times the bytes may not cost 64 times the time; both are measured side by side."""
    small, large = (ONE + hostile * (size // len(hostile)) for size in (50_000, 400_000))
    cost = []
    for content in (small, large):
        start = time.process_time()
        cut(content)
        cost.append(time.process_time() - start)
    assert cost[1] < 24 * cost[0] + 0.2
