"""Plain FIN messages, read all at once, give the rows that the careful reader gives.

Every test reads the same bytes both ways: simulated, public and mutated messages, and
messages made around what the quick way must leave to the careful reader.
"""

import random
import re
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner import ingest
from scanner.ingest import reading, source
from scanner.ingest.containers import Cutter, Piece
from scanner.ingest.fin_layout import ChunkText, find_plain
from scanner.ingest.rows import Rows
from scanner.simulate import Plan
from scanner.simulate.deals import DealMaker
from scanner.simulate.rendering_mt import render_mt
from scanner.simulate.world import make_world
from tests.ingest.test_mutated_messages import mutated

TABLES = ("messages", "transactions", "parties", "texts", "rejected")
LONGEST = 10 << 20
HEAD = (
    "{1:F01QQBBTRISAXXX0000000001}{2:I103QQAADEFFXXXXN}"
    "{3:{108:MUR1}{119:STP}{121:8A562C67-ca16-48ba-b074-65581be6f001}}"
)
BODY = (
    ":20:REF1\n:23B:CRED\n:32A:240815EUR1234,5\n:50K:/123\nPAYER LTD\nSTREET 1\nISTANBUL TR\n"
    ":59:/456\nPAYEE GMBH\nBERLIN DE\n:70:INV 1\n:71A:SHA"
)
TAIL = "{5:{CHK:123456789ABC}}"


@pytest.fixture(autouse=True)
def few_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let also few messages be read together, as the texts here are few."""
    monkeypatch.setattr("scanner.ingest.containers._FEWEST_TOGETHER", 1)


def fin(body: str = BODY, head: str = HEAD, tail: str = TAIL) -> str:
    return f"{head}{{4:\n{body}\n-}}{tail}".replace("\n", "\r\n")


def simulated() -> list[str]:
    rng = random.Random(23)
    plan = Plan(seed=23, payments=300)
    world = make_world(rng, plan.start, plan.payments)
    maker = DealMaker(rng, world, plan)
    return [text for _ in range(300) for text in render_mt(maker.ordinary(), world)]


def read(paths: Iterable[Path]) -> dict[str, pa.Table]:
    batches = list(ingest.read_sources(list(paths)))
    return {
        name: pa.concat_tables([getattr(batch, name) for batch in batches]).combine_chunks()
        for name in TABLES
    }


def both_ways(paths: list[Path], patch: pytest.MonkeyPatch) -> dict[str, pa.Table]:
    """Read both ways and hold every row of one against the other's."""
    quick = read(paths)
    with patch.context() as only_careful:
        only_careful.setattr(
            source, "Cutter", lambda longest_bytes, sets_aside: Cutter(longest_bytes)
        )
        careful = read(paths)
    for name in TABLES:
        if not quick[name].equals(careful[name]):
            assert quick[name].to_pylist() == careful[name].to_pylist(), name
    return quick


def written(folder: Path, messages: Iterable[bytes], between: bytes = b"\r\n$\r\n") -> Path:
    path = folder / "in.fin"
    path.write_bytes(between.join(messages))
    return path


def plain_count(content: bytes) -> int:
    found = find_plain(content, LONGEST)
    return len(found[1]) if found else 0


def test_simulated_messages_are_plain_and_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = simulated()
    content = "\r\n$\r\n".join(made).encode()
    assert plain_count(content) > 0.9 * len(made)
    path = written(tmp_path, [content])
    assert len(both_ways([path], monkeypatch)["messages"]) == len(made)


def test_what_was_kept_of_earlier_chunks_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.ingest.party_columns._MOST_KEPT", 20)
    monkeypatch.setattr("scanner.ingest.streams.CHUNK_BYTES", 20_000)
    monkeypatch.setattr("scanner.ingest.streams._READ_BYTES", 20_000)
    made = [text.encode() for text in simulated()]
    assert len(both_ways([written(tmp_path, made)], monkeypatch)["messages"]) == len(made)


def test_public_files_read_the_same(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [p for p in sorted(corpus.rglob("*")) if p.is_file() and p.suffix in (".fin", ".txt")]
    found = both_ways(paths, monkeypatch)
    assert len(found["messages"]) > 0
    together = b"\r\n".join(path.read_bytes() for path in paths)
    assert plain_count(together) > 0


def test_public_messages_in_one_file_read_the_same(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [p for p in sorted(corpus.rglob("*.fin")) if p.is_file()]
    whole = [path.read_bytes() for path in paths]
    both_ways([written(tmp_path, whole, b"\r\n")], monkeypatch)
    # The public files end their lines in many ways; here all do in the way of the network.
    usual = [b"\r\n".join(content.splitlines()) for content in whole]
    assert plain_count(b"\r\n".join(usual)) > len(usual) / 4
    both_ways([written(tmp_path, usual, b"\r\n")], monkeypatch)


@pytest.mark.fuzz
def test_mutated_messages_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1218)
    whole = [text.encode() for text in simulated()] + [fin().encode()]
    for between in (b"\r\n$\r\n", b"\n", b"\x03\x01", b""):
        # One damaged message in four: most of what is around it stays plain.
        messages = [
            message if rng.random() < 0.25 else rng.choice(whole)
            for message in mutated(rng, whole, 1_500)
        ]
        both_ways([written(tmp_path, messages, between)], monkeypatch)


_ACK = b"{1:F21QQBBTRISAXXX0000000001}{4:{177:2408151201}{451:%d}}"
_ODD = [
    BODY.replace("EUR1234,5", "EUR1.234,5"),
    BODY.replace("EUR1234,5", "EUR1234,567891"),
    BODY.replace("EUR1234,5", "EUR123456789012345,"),
    BODY.replace("EUR1234,5", "EUR,5"),
    BODY.replace("240815", "240230"),
    BODY.replace("240815EUR", "EUR"),
    BODY.replace(":32A:240815EUR1234,5\n", ""),
    BODY.replace(":32A:240815EUR1234,5\n", ":32A:240815EUR1,\n:32A:240816USD2,\n:33B:CHF3,\n"),
    BODY.replace(":20:REF1", ":20:REF1\n:20:REF2"),
    BODY.replace(":20:REF1", ":20:"),
    BODY.replace("INV 1", "INV 1   "),
    BODY.replace(":70:INV 1", ":70:\nINV 1"),
    BODY.replace("INV 1", "1234 5678 9012 3456"),
    BODY.replace("INV 1", "A\n :72:B"),
    BODY.replace("INV 1", "A\n * :72:B"),
    BODY.replace("INV 1", "A\n* :72:B"),
    BODY.replace("INV 1", "A\n  B ## C"),
    BODY.replace("INV 1", "A\n-B\n-\nC"),
    BODY.replace("INV 1", "ÇELIK"),
    BODY.replace("INV 1", "A\tB"),
    BODY.replace("INV 1", "A}B"),
    BODY.replace("INV 1", "{A}"),
    BODY + "\n:72:/REJT/99\n/AC01/NO ACCOUNT\n/MREF/REF0",
    BODY + "\n:72:/RETN/99\n/AM09/\n/MREF/REF0",
    BODY + "\n:72:/INS/QQCCGB2L\n//REST\n/ACC/X",
    BODY + "\n:23E:PHOB\n:23E:HOLD\n:26T:K90\n:71F:EUR1,\n:71F:EUR2,\n:77B:/ORDERRES/TR",
    BODY.replace(":50K:/123\nPAYER LTD", ":50F:/123\n1/PAYER LTD\n2/STREET\n3/TR/ISTANBUL"),
    BODY.replace(":50K:/123", ":50K://RU044525225.30101810400000000225"),
    BODY.replace(":50K:/123\nPAYER LTD", ":50K:/123\nOOO RoMAwKA PLATEJ iM"),
    BODY.replace("EUR1234,5", "RUB1234,5").replace("PAYER", "OOO RoMAwKA PLATEJ iM PoSTAVKA"),
    BODY.replace("EUR1234,5", "RUB1234,5"),
    BODY.replace("EUR1234,5", "JPY1234,5"),
    BODY.replace("EUR1234,5", "JPY1234,") + "\n:33B:KWD1,125",
    BODY.replace("EUR1234,5", "EUR1234,567"),
    BODY.replace("\nSTREET 1\nISTANBUL TR", "") + "\n:77B:/ORDERRES/RU//MOSCOW",
    BODY.replace("\nSTREET 1\nISTANBUL TR", "") + "\n:77B:/BENEFRES/RU//MOSCOW",
    BODY + "\n:77B:/ORDERRES/RU//MOSCOW\n/BENEFRES/KZ",
    ":20:C1\n:25:123\n:32A:240815EUR1,",
    ":20:C1\n:25P:TR330006100519786457841326\nQQBBTRISXXX\n:32A:240815EUR1,\n:52D:BANK",
    BODY.replace(":71A:SHA", ":71A:XXX"),
    BODY.replace(":59:", ":52A:QQBBTRIS\n:53B:/999\n:54D:BANK\nTOWN DE\n:57C://FW021000021\n:59A:"),
    ":20:REF1\n:30:240815\n:32A:240815EUR1,",
    ":20:REF1\n:60F:C240815EUR1,\n:61:2408150815C1,NTRFREF\n:62F:C240815EUR2,",
    BODY + "\n:31D:240830 ISTANBUL\n:31D:240830\n:31D:2408\n:31D:240831BAKU\n:45A:GOODS",
    ":208REF1\n" + BODY,
    "20:REF1",
    "",
]  # fmt: skip
_HEADS = [
    HEAD,
    HEAD.replace("{119:STP}", "{119:COV}"),
    HEAD.replace("{119:STP}", "{113:RUR6}"),
    HEAD.replace("{119:STP}", "{111:001}{433:/AOK/X}{103:TGT}"),
    HEAD.replace("{119:STP}", "{103:TGT}{119: STP }"),
    HEAD.replace("8A562C67-ca16", "8A562C67ca16"),
    HEAD.replace("{108:MUR1}", "{108:}"),
    HEAD.replace("{108:MUR1}", "{108:A}{108:B}"),
    HEAD.replace("{119:STP}", " {119:STP}"),
    HEAD.replace("I103", "I202"),
    HEAD.replace("I103", "I202").replace("{119:STP}", "{119:COV}"),
    HEAD.replace("I103", "I199"),
    HEAD.replace("I103", "I700"),
    HEAD.replace("I103", "I910"),
    HEAD.replace("I103", "I101"),
    HEAD.replace("I103", "I950"),
    HEAD.replace("QQAADEFFXXXX", "QQAADEF0X123"),
    HEAD.replace("QQBBTRISAXXX", "QQBBTRI0AXXX"),
    "{1:F01QQBBTRISAXXX0000000001}{2:O1031200240815QQAADEFFAXXX00000000012408151201N}",
    "{1:F01QQBBTRISAXXX0000000001}{2:O1031200240231QQAADEFFAXXX00000000012408151201N}{3:}",
    "{1:F01QQBBTRISAXXX0000000001}{2:I103QQAADEFFXXXXN2020}",
    "{1:A01QQBBTRISAXXX0000000001}{2:I103QQAADEFFXXXXN}",
    "{1:F01QQBBTRISAXX0000000001}{2:I103QQAADEFFXXXXN}",
    "{1:F01QQBBTRISAXXX0000000001}\n{2:I103QQAADEFFXXXXN}",
    "{1:F01QQBBTRISAXXX0000000001}{2:I103QQAADEFFXXXXN",
]
_TAILS = [
    TAIL, "", "{5:}", "{5:{TNG:}}", "{5:{CHK:1}{PDE:}}", "{5:{PDM:1}}{S:{SAC:}{COP:P}}",
    "{S:{PDE:}}", "{5:{CHK:1}}}", "}", "\n{5:{PDE:}}", "{5:{CHK:1}", "{5:X}",
]  # fmt: skip
_BETWEEN = [
    b"\r\n", b"\r\n$\r\n", b"$", b"", b"\x03\x00\x01", b" " * 40, b" COPY ", b"\r\n:20:X\r\n",
    b"<!-- x -->", b"<a>", _ACK % 0, _ACK % 1 + b"\r\n", b"{1:F21X}", b"\r\r\n",
]  # fmt: skip


def kinds_of_message() -> st.SearchStrategy[str]:
    bodies = st.one_of(st.just(BODY), st.sampled_from(_ODD))
    heads = st.one_of(st.just(HEAD), st.sampled_from(_HEADS))
    tails = st.one_of(st.just(TAIL), st.sampled_from(_TAILS))
    return st.builds(fin, bodies, heads, tails)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(kinds_of_message(), st.sampled_from(_BETWEEN)), min_size=1, max_size=12))
def test_any_mixture_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, bytes]]
) -> None:
    content = b"".join(between + message.encode() for message, between in parts)
    path = written(tmp_path_factory.mktemp("mixture"), [content])
    with pytest.MonkeyPatch.context() as patch:
        both_ways([path], patch)


@pytest.mark.parametrize("body", _ODD)
def test_each_odd_text_reads_the_same(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [fin().encode(), *(fin(body, head).encode() for head in _HEADS), fin().encode()]
    both_ways([written(tmp_path, messages)], monkeypatch)


@pytest.mark.parametrize("tail", _TAILS)
@pytest.mark.parametrize("between", _BETWEEN)
def test_each_ending_reads_the_same(
    tail: str, between: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [fin().encode(), *(fin(BODY, head, tail).encode() for head in _HEADS[:6])]
    both_ways([written(tmp_path, messages * 2, between)], monkeypatch)


def test_credits_are_plain_with_their_place_of_expiry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = ":27:1/1\n:20:LC1\n:31D:240830ISTANBUL\n:50:BUYER\nTOWN TR\n:32B:EUR12,5\n:45A:LAMPS"
    messages = [fin(body, HEAD.replace("I103", "I700")).encode()] * 3
    read_one_by_one: list[object] = []
    careful = reading.read_pieces

    def noted(origin: reading.Origin, pieces: list[Piece], *, excerpt_bytes: int) -> Rows:
        read_one_by_one.extend(pieces)
        return careful(origin, pieces, excerpt_bytes=excerpt_bytes)

    monkeypatch.setattr(reading, "read_pieces", noted)
    path = written(tmp_path, messages)
    read([path])
    assert len(read_one_by_one) == 1  # the last of the file
    texts = both_ways([path], monkeypatch)["texts"].to_pylist()
    assert [t["text"] for t in texts if t["kind"] == "place"] == ["ISTANBUL"] * 3


@pytest.mark.parametrize("block", [1, 2, 3, 7, 1000])
def test_a_text_without_returns_does_not_hang_on_blocks(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.ingest.fin_layout._BLOCK_BYTES", block)
    for chunk in (b"A\r\nBC\r\r\n\nD\r", b"\r\n", b"\r", b"\r\n\r\n", b"AB\r\nC"):
        text = ChunkText.of(chunk)
        assert text.content.rstrip(b"\x00") == chunk.replace(b"\r\n", b"\n")
        assert text.returns.tolist() == [found.start() for found in re.finditer(b"\r(?=\n)", chunk)]


def test_few_messages_are_read_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.ingest.containers._FEWEST_TOGETHER", 5)
    for count, together in ((5, 0), (6, 5), (7, 6)):
        cutter = Cutter(LONGEST, sets_aside=True)
        pieces = list(cutter.feed(b"\r\n".join([fin().encode()] * count), final=True))
        assert len(pieces) == count - together
        assert (len(cutter.plain.layout) if cutter.plain else 0) == together
    both_ways([written(tmp_path, [fin().encode()] * 7)], monkeypatch)


def test_line_feeds_alone_and_acknowledgements_are_plain_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [fin().encode()] * 4
    assert plain_count(b"\n$\n".join(messages)) == 3
    assert plain_count(b"\n$\n".join(m.replace(b"\r\n", b"\n") for m in messages)) == 3
    acknowledged = [_ACK % (n % 2) + message for n, message in enumerate(messages)]
    found = both_ways([written(tmp_path, acknowledged)], monkeypatch)["messages"]
    assert found["is_acknowledged"].to_pylist() == [True, False, True, False]
