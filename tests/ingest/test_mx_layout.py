"""ISO 20022 messages that are set aside are those that the cutter gives one by one."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ingest import containers
from scanner.ingest.containers import Cutter, Piece, cut, piece_of
from tests.ingest.test_cutting import HEADER, MX, ONE
from tests.ingest.test_mutated_messages import mutated

PLAIN = b"<AppHdr><BizMsgIdr>B</BizMsgIdr></AppHdr>" + MX
PREFIXED = HEADER + b'<p:Document xmlns:p="urn:y"><p:A>1</p:A></p:Document>'
ENVELOPES = [
    b'<Envelope xmlns="urn:a">', b'<e:Envelope xmlns:e="urn:b">', b"</Envelope>", b"</e:Envelope>",
    b"<?xml version='1.0' encoding='latin-1'?>", b"<?xml version='1.0' encoding='utf-8'?>",
]  # fmt: skip
PARTS = st.one_of(
    st.sampled_from([PLAIN, PLAIN, MX, MX, PREFIXED, PREFIXED, *ENVELOPES, b"\n", b"\n"]),
    st.sampled_from(
        [b"<!-- ", b" -->", b"<!DOCTYPE a>", b"<Document/>", b"<Document>", b"</Document>", ONE,
         b"</Document >", b"<AppHdr/>", b"<AppHdr>", b"</AppHdr>", b"</h:AppHdr>", b"<:Document>",
         b"<a b='", b"'>", b"{1:F01", b"<GrpHdr>", b"words", b"<q:Document", b">", b"</p:Document>",
         b"<Body>", b"<" + b"p" * 20 + b":Document>", b"\xc3\xa9", b" " * 300, b"<Document x='/'>"]
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _sets_few_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_SMALL_BYTES", 0)
    monkeypatch.setattr(containers, "_FEWEST_TOGETHER", 1)


def cut_aside(content: bytes, chunk_bytes: int) -> tuple[list[Piece], int]:
    """Pieces, those set aside among them, and how many these are."""
    cutter = Cutter(sets_aside=True)
    pieces: list[Piece] = []
    aside = 0
    for start in range(0, max(1, len(content)), chunk_bytes):
        chunk = content[start : start + chunk_bytes]
        pieces += cutter.feed(chunk, final=start + chunk_bytes >= len(content))
        if cutter.documents is not None:
            aside += len(cutter.documents.layout)
            pieces += [piece_of(cutter.documents, n) for n in range(len(cutter.documents.layout))]
        if cutter.plain is not None:
            for n in range(len(cutter.plain.layout)):
                offset, message, told = cutter.plain.raw(n)
                pieces.append(Piece("fin", offset, message, len(message), acknowledged=told))
    return sorted(pieces, key=lambda piece: piece.offset), aside


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, max_size=14).map(b"".join), st.sampled_from([1 << 20, 700, 150]))
def test_what_is_set_aside_is_what_the_cutter_gives(content: bytes, chunk_bytes: int) -> None:
    assert cut_aside(content, chunk_bytes)[0] == cut(content)


@pytest.mark.fuzz
def test_damaged_files_are_cut_alike() -> None:
    rng = random.Random(412)
    seeds = [
        b"".join(rng.choice([PLAIN, MX, PREFIXED, b"\n", *ENVELOPES]) for _ in range(12))
        for _ in range(50)
    ]
    set_aside = 0
    for content in mutated(rng, seeds, 400):
        pieces, aside = cut_aside(content, rng.choice([1 << 20, 500]))
        assert pieces == cut(content)
        set_aside += aside
    assert set_aside > 400


@pytest.mark.parametrize(
    ("content", "aside"),
    [
        (b"<File>" + PLAIN * 3 + b"</File>", 3),
        (b"<File>" + PREFIXED * 3 + b"</File>", 3),
        ((b'<Envelope xmlns="urn:a">' + PLAIN + b"</Envelope>\n") * 3, 3),
        ((b"<?xml version='1.0' encoding='utf-8'?>" + MX) * 3, 3),
        (PLAIN + b"<!-- " + PLAIN + b" -->" + PLAIN, 2),
        (PLAIN * 2 + b"<!DOCTYPE a>" + PLAIN, 2),
        (PLAIN.replace(b"</AppHdr>", b"</AppHdr><Body>") * 2, 2),
        (PLAIN.replace(b"</AppHdr>", b"</AppHdr><!-- x -->") * 2, 0),
        (PLAIN.replace(b"</Document>", b"</Document >") * 2, 0),
        (MX.replace(b"<GrpHdr>", b"<GrpHdr/><Document>") * 2, 2),
        (PREFIXED.replace(b"p:", b"p" * 17 + b":") * 2, 0),
    ],
)
def test_only_plain_messages_are_set_aside(content: bytes, aside: int) -> None:
    assert cut_aside(content, 1 << 20) == (cut(content), aside)


def test_a_message_that_is_too_long_is_not_set_aside() -> None:
    cutter = Cutter(longest_bytes=len(PLAIN) - 1, sets_aside=True)
    found = [piece.length for piece in cutter.feed(PLAIN * 2 + MX * 2, final=True)]
    assert found == [len(PLAIN)] * 2
    assert cutter.documents is not None
    assert len(cutter.documents.layout) == 2
