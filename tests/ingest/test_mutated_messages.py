"""Mutated messages: cut, doubled, bit-flipped, interleaved. None crashes, hangs or goes uncounted.

The short form runs with the suite; `make fuzz` runs a million.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanner.ingest.containers import Piece, cut
from scanner.ingest.export_files import csv_pieces
from scanner.ingest.mapping import Export, PartyColumns, Value
from scanner.ingest.reading import Origin, read_pieces
from scanner.ingest.streams import Limits
from scanner.simulate import Plan
from scanner.simulate.deals import DealMaker
from scanner.simulate.rendering_mt import render_mt
from scanner.simulate.rendering_mx import render_mx
from scanner.simulate.world import make_world
from tests.ingest.test_cutting import unaccounted

COUNT = 1_000_000 if os.environ.get("SCANNER_FUZZ") == "long" else 6_000
MOST_SECONDS = 1.0
_SIGNS = [
    b"{", b"}", b"-}", b"\r\n", b":", b"<", b">", b"&", b"\x00", b"\xff", b"{1:F01", b":20:", b"'",
    b"</Document>", b"<!--", b"]]>", b"9" * 40, "٣".encode(), b"/RETN/", b"{5:{",
]  # fmt: skip

EXPORT = Export(
    files=("*",),
    columns=("ref", "amount", "day", "payee", "country"),
    transaction={
        "reference": Value(("ref",)),
        "amount": Value(("amount",)),
        "currency": Value(constant="EUR"),
        "value_date": Value(("day",)),
    },
    parties=(
        PartyColumns(
            "creditor", False, {"name": Value(("payee",)), "country": Value(("country",))}
        ),
    ),
)

Mutation = Callable[[random.Random, bytes, bytes], bytes]


def cut_out(rng: random.Random, one: bytes, two: bytes) -> bytes:
    start = rng.randrange(len(one))
    return one[:start] + one[start + rng.randrange(1, 60) :]


def end_early(rng: random.Random, one: bytes, two: bytes) -> bytes:
    return one[: rng.randrange(len(one))] + two


def double(rng: random.Random, one: bytes, two: bytes) -> bytes:
    start = rng.randrange(len(one))
    end = start + rng.randrange(1, 200)
    return one[:end] + one[start:end] * rng.randrange(1, 4) + one[end:]


def flip_bits(rng: random.Random, one: bytes, two: bytes) -> bytes:
    changed = bytearray(one)
    for _ in range(rng.randrange(1, 6)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def interleave(rng: random.Random, one: bytes, two: bytes) -> bytes:
    a, b = rng.randrange(len(one)), rng.randrange(len(two))
    return one[:a] + two[:b] + one[a:] + two[b:]


def insert_sign(rng: random.Random, one: bytes, two: bytes) -> bytes:
    changed = one
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(changed))
        changed = changed[:place] + rng.choice(_SIGNS) + changed[place:]
    return changed


def swap_lines(rng: random.Random, one: bytes, two: bytes) -> bytes:
    lines = one.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


MUTATIONS: tuple[Mutation, ...] = (
    cut_out, end_early, double, flip_bits, interleave, insert_sign, swap_lines,
)  # fmt: skip


def seeds(rng: random.Random) -> list[bytes]:
    """Whole messages of every form that the simulated world writes."""
    plan = Plan(seed=11, payments=120)
    world = make_world(rng, plan.start, plan.payments)
    maker = DealMaker(rng, world, plan)
    deals = [maker.ordinary() for _ in range(120)]
    made = [text.encode() for deal in deals for text in render_mt(deal, world)]
    return made + [
        text.encode() for deal in deals if deal.form != "bank" for text in render_mx(deal, world)
    ]


def mutated(rng: random.Random, whole: list[bytes], count: int) -> Iterator[bytes]:
    for _ in range(count):
        message = rng.choice(whole)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            message = rng.choice(MUTATIONS)(rng, message, rng.choice(whole)) or b"{"
        yield message


def check(content: bytes) -> Counter[str]:
    """Read one mutated message; every byte is in a piece or harmless, every piece is counted."""
    started = time.process_time()
    pieces = cut(content)
    rows = read_pieces(Origin(Path("x"), "0" * 64, len(content)), pieces, excerpt_bytes=1000)
    rows.batch()
    assert time.process_time() - started < MOST_SECONDS, content[:2000]
    assert len(rows.messages) + len(rows.rejected) == len(pieces), content
    assert not unaccounted(content, pieces), content
    ids = [t["transaction_id"] for t in rows.transactions]
    assert len(ids) == len(set(ids))
    for transaction in rows.transactions:
        needs = transaction["kind"] in ("customer_transfer", "cover", "bank_transfer")
        assert not needs or transaction.get("amount") is not None, content
    return Counter(messages=len(rows.messages), rejected=len(rows.rejected))


@pytest.mark.fuzz
def test_mutated_messages_are_read_or_rejected() -> None:
    rng = random.Random(20231222)
    whole = seeds(rng)
    outcome: Counter[str] = Counter()
    for content in mutated(rng, whole, COUNT):
        outcome += check(content)
    # Mutations must hurt, but not so much that nothing is read any more.
    assert outcome["messages"] > COUNT / 4
    assert outcome["rejected"] > COUNT / 4


@pytest.mark.fuzz
def test_mutated_public_files_are_read_or_rejected(corpus: Path) -> None:
    rng = random.Random(14024)
    paths = sorted(p for p in corpus.rglob("*") if p.suffix in (".fin", ".xml"))
    whole = [content for path in paths if 0 < len(content := path.read_bytes()) < 20_000]
    for content in mutated(rng, whole, COUNT // 3):
        check(content)


def export_pieces(content: bytes) -> list[Piece]:
    return list(csv_pieces(iter([content]), EXPORT, where="x", limits=Limits(message_bytes=2000)))


@pytest.mark.fuzz
def test_mutated_exports_are_read_or_rejected() -> None:
    rng = random.Random(14114)
    row = b'R%d,12.50,2024-08-15,"NAME ""OF"" A PAYEE\nIN TWO LINES",DE\r\n'
    whole = [b"".join(row % n for n in range(k, k + rng.randrange(1, 4))) for k in range(200)]
    outcome: Counter[str] = Counter()
    for content in mutated(rng, whole, COUNT // 3):
        pieces = export_pieces(content)
        origin = Origin(Path("x"), "0" * 64, len(content), export=EXPORT)
        rows = read_pieces(origin, pieces, excerpt_bytes=1000)
        rows.batch()
        assert len(rows.messages) + len(rows.rejected) == len(pieces), content
        left, position = b"", 0
        for piece in pieces:
            assert piece.offset >= position, content
            left += content[position : piece.offset]
            position = piece.offset + piece.length
        left += content[position:]
        # Between rows stand only rows of nothing.
        assert not left.strip(b' \t\r\n,"'), content
        outcome += Counter(messages=len(rows.messages), rejected=len(rows.rejected))
    assert outcome["messages"] > COUNT / 10
    assert outcome["rejected"] > COUNT / 10
