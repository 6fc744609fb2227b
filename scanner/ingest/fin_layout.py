"""Finds the plain FIN messages of a chunk, all at once: where each starts, ends and has its blocks.

A message is plain if its blocks stand in the usual order without anything between
them, and its text is ASCII lines from `{4:` to a line `-}`. On such a message the
cutter and the careful reader take exactly the places that are found here. All
others are left to them, and so is the last of a chunk, which may not be whole.
Positions are found with NumPy over the chunk's bytes: no loop over messages.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.ingest.byte_forms import Bytes, Flags, Form, Positions, rows_at
from scanner.ingest.spans import Spans

_START = b"{1:F01"
_FILLING = re.compile(rb"[\s$\x00\x01\x03\x1a]*+\Z")
_PADDING_BYTES = 128
_PADDING = b"\x00" * _PADDING_BYTES  # so that a look ahead of the last message stays inside
_BLOCK_1_BYTES = 29
_OPEN, _CLOSE, _COLON, _LINE_FEED, _RETURN, _DASH = (ord(c) for c in "{}:\n\r-")
_BASIC_HEADER = "{1:F01" + "c" * 12 + "d" * 10 + "}"
_INPUT = Form(_BASIC_HEADER + "{2:I" + "ddd" + "c" * 12)
_OUTPUT = Form(_BASIC_HEADER + "{2:O" + "ddd" + "d" * 10 + "c" * 12 + "d" * 20)
_ANY_START = Form("{1:udd")
_PART_NAME = Form("{ccc:")
_MOST_BLOCKS = 6
_BLOCK_BYTES = 256 << 10
_ORDERS = (b"1234", b"12345", b"124", b"1245", b"1234S", b"12345S", b"124S", b"1245S")
_SHORT_GAP = 8
_MOST_INDENT = 16


def _class_of(characters: bytes) -> Flags:
    flags = np.zeros(256, dtype=np.bool_)
    flags[list(characters)] = True
    return flags


DIGIT = _class_of(b"0123456789")
UPPER = _class_of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_UNLESS_FILLING = bytes(c not in b" \t\n\x0b\x0c\r$\x00\x01\x03\x1a" for c in range(256))
_INDENT = _class_of(b" \t*")
_ORDER_CODES = np.frombuffer(b"".join(o.ljust(8, b"\x00") for o in _ORDERS), dtype=np.uint64)
_FIRST_BYTES = np.frombuffer(
    b"".join((b"\xff" * n).ljust(8, b"\x00") for n in range(9)), dtype=np.uint64
)


@dataclass(frozen=True)
class ChunkText:
    """A chunk's bytes with line feeds only.

    Attributes:
        content: The bytes, and room behind them.
        codes: The same as numbers.
        returns: Carriage returns of the chunk that are left out.
        lines: Line feeds.
        braces: Opening and closing braces.
    """

    content: bytes
    codes: Bytes
    returns: Positions
    lines: Positions
    braces: Positions

    @classmethod
    def of(cls, chunk: bytes) -> "ChunkText":
        """The text of a chunk."""
        content, returns = _without_returns(chunk)
        codes = np.frombuffer(content, dtype=np.uint8)
        lines = np.flatnonzero(codes == _LINE_FEED)
        braces = np.flatnonzero((codes == _OPEN) | (codes == _CLOSE))
        return cls(content, codes, returns, lines, braces)


@dataclass(frozen=True)
class FinLayout:
    """Plain messages of a chunk; positions count in the chunk's text with line feeds only.

    Attributes:
        raw_start: First byte in the chunk as it is.
        raw_end: Behind the last byte in the chunk as it is.
        goes_on: Whether nothing but filling stands before the next message, which is plain too.
        start: First byte.
        text_open: Where block 4 opens.
        text_close: Line feed before its end mark.
        end: Behind the last byte.
    """

    raw_start: Positions
    raw_end: Positions
    goes_on: Flags
    start: Positions
    text_open: Positions
    text_close: Positions
    end: Positions

    def __len__(self) -> int:
        return len(self.start)

    def run_ends(self) -> Positions:
        """Number of the last message of the row that goes on from each one."""
        last = np.flatnonzero(~self.goes_on)
        return last[np.searchsorted(last, np.arange(len(self)))]

    def chosen(self, which: Positions | Flags) -> "FinLayout":
        """Some of the messages."""
        return FinLayout(
            self.raw_start[which],
            self.raw_end[which],
            self.goes_on[which],
            self.start[which],
            self.text_open[which],
            self.text_close[which],
            self.end[which],
        )


@dataclass(frozen=True)
class PlainFin:
    """Plain messages of one chunk.

    Attributes:
        chunk: Bytes that hold them.
        offset: Where the chunk starts in its file.
        layout: Where they stand in it.
        acknowledged: 1 for ACK, 0 for NAK, -1 where neither precedes the message.
        text: The chunk's text; made anew where another process reads it.
    """

    chunk: bytes
    offset: int
    layout: FinLayout
    acknowledged: NDArray[np.int8]
    text: ChunkText | None = None

    def __getstate__(self) -> dict[str, object]:
        """Leave out what is cheaper to make than to send."""
        return self.__dict__ | {"text": None}

    def raw(self, number: int) -> tuple[int, bytes, bool | None]:
        """Offset in the file, bytes and acknowledgement of one message."""
        start, end = int(self.layout.raw_start[number]), int(self.layout.raw_end[number])
        told = int(self.acknowledged[number])
        return self.offset + start, self.chunk[start:end], None if told < 0 else bool(told)


def _without_returns(chunk: bytes) -> tuple[bytes, Positions]:
    """The bytes with room behind them, without the carriage returns that a line feed follows."""
    if b"\r" not in chunk:
        return chunk + _PADDING, np.empty(0, dtype=np.int64)
    parts, returns = [], []
    # Block by block: what is made on the way then stays in the processor's cache.
    for start in range(0, len(chunk), _BLOCK_BYTES):
        size = min(_BLOCK_BYTES, len(chunk) - start)
        behind = min(size + 1, len(chunk) - start)
        codes = np.frombuffer(chunk, dtype=np.uint8, count=behind, offset=start)
        found = np.flatnonzero(codes[: behind - 1] == _RETURN)
        found = found[codes[found + 1] == _LINE_FEED]
        lines = Spans(codes[:size], np.append(0, found + 1), np.append(found, size))
        parts.append(lines.joined())
        returns.append(found + start)
    return b"".join([*parts, _PADDING]), np.concatenate(returns)


def find_plain(chunk: bytes, longest_bytes: int) -> tuple[ChunkText, FinLayout] | None:
    """A chunk's text and its plain messages, except the last; None where there are none.

    Args:
        chunk: Bytes of a file.
        longest_bytes: Longest message that is read.
    """
    brace = chunk.find(b"{")  # one byte alone is found far quicker
    first = chunk.find(_START, brace) if brace >= 0 else -1
    if first < 0 or chunk.find(b"{1:", first + 3) < 0:
        return None
    text = ChunkText.of(chunk)
    codes, returns, lines = text.codes, text.returns, text.lines
    blocks = _blocks(codes, text.braces)
    if blocks is None:
        return None
    start, text_open, closed, end, following = blocks
    usual = _usual_text(codes, lines, start, text_open, closed, end)
    usual &= _without_oddities(chunk, codes, lines, start, end)
    dropped = returns - np.arange(len(returns))  # where each stood in the text
    raw_start = start + np.searchsorted(dropped, start)
    raw_end = end + np.searchsorted(dropped, end)
    usual &= raw_end - raw_start <= longest_bytes
    if not usual.any():
        return None
    goes_on = _is_filling(codes, end, following)
    goes_on[:-1] &= start[1:] == following[:-1]
    goes_on[:-1] &= usual[1:]
    goes_on[-1] = False
    layout = FinLayout(raw_start, raw_end, goes_on, start, text_open, closed - 2, end)
    return text, layout.chosen(usual)


def _starts(codes: Bytes, braces: Positions) -> Positions:
    """Starts of whatever the cutter takes for a message."""
    found = braces[codes[braces + 1] == ord("1")]
    starts: Positions = found[_ANY_START.stands_at(codes, found)]
    return starts


def _blocks(
    codes: Bytes, braces: Positions
) -> tuple[Positions, Positions, Positions, Positions, Positions] | None:
    """Start, opening and closing of block 4, end, and next start of messages of usual blocks."""
    starts = _starts(codes, braces)
    count = len(starts) - 1
    if count < 1:
        return None
    bounds = np.searchsorted(braces, starts)
    braces = braces[bounds[0] : bounds[-1]]
    bounds -= bounds[0]
    sizes = np.diff(bounds)
    message = np.repeat(np.arange(count), sizes)
    opens = codes[braces] == _OPEN
    depth = np.cumsum(np.where(opens, 1, -1))
    before = np.concatenate(([0], depth[bounds[1:-1] - 1]))
    depth -= np.repeat(before, sizes)
    level = depth + ~opens  # of the brace itself: 1 for a block, 2 for what stands in one
    usual = depth[bounds[1:] - 1] == 0
    usual[message[(level < 1) | (level > 2)]] = False
    usual &= _usual_headers(codes, starts[:-1])

    kept = usual[message]
    braces, opens, level, message = braces[kept], opens[kept], level[kept], message[kept]
    tops = np.flatnonzero(level == 1)
    opening, closing = braces[tops[::2]], braces[tops[1::2]]
    owner = message[tops[::2]]
    sizes = np.bincount(owner, minlength=count)
    usual &= (sizes >= 3) & (sizes <= _MOST_BLOCKS - 1)
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    inner = owner[1:] == owner[:-1]
    usual[owner[1:][inner & (opening[1:] != closing[:-1] + 1)]] = False
    usual[owner[codes[opening + 2] != _COLON]] = False
    name = codes[opening + 1]
    usual[_odd_inner(codes, braces, opens, level, message)] = False

    padded = np.concatenate((name, np.zeros(8, dtype=np.uint8)))
    order = rows_at(padded, first, 8).view(np.uint64)[:, 0] & _FIRST_BYTES[np.minimum(sizes, 8)]
    usual &= np.isin(order, _ORDER_CODES)
    chosen = np.flatnonzero(usual)
    if not len(chosen):
        return None
    heads = first[chosen]
    text = heads + np.where(name[heads + 2] == ord("3"), 3, 2)
    usual_first = closing[heads] == starts[chosen] + _BLOCK_1_BYTES - 1
    second = codes[opening[heads + 1] + 3] == ord("I")
    usual_first &= closing[heads + 1] >= starts[chosen] + _BLOCK_1_BYTES + np.where(second, 19, 49)
    chosen, heads, text = chosen[usual_first], heads[usual_first], text[usual_first]
    last = heads + sizes[chosen] - 1
    return starts[chosen], opening[text], closing[text], closing[last] + 1, starts[chosen + 1]


def _odd_inner(
    codes: Bytes, braces: Positions, opens: Flags, level: Positions, message: Positions
) -> Positions:
    """Messages whose blocks 3, 5 or S hold anything but a row of `{XXX:...}`."""
    odd = []
    begins = np.flatnonzero(opens & (level == 2))
    before = begins - 1  # a brace of the same message: each begins with block 1
    at = braces[begins]
    first = opens[before]  # directly behind the opening of its block
    distance = at - braces[before]
    name = codes[braces[before] + 1]
    wrong = np.where(
        first,
        (distance != 3) | ((name >= ord("1")) & (name <= ord("4")) & (name != ord("3"))),
        distance != 1,
    )
    wrong |= ~_PART_NAME.stands_at(codes, at) | (braces[begins + 1] < at + 5)
    odd.append(message[begins[wrong]])
    ends = np.flatnonzero(~opens & (level == 1))
    after_inner = ends[~opens[ends - 1]]
    odd.append(message[after_inner[braces[after_inner] != braces[after_inner - 1] + 1]])
    after_open = ends[opens[ends - 1]]
    name = codes[braces[after_open - 1] + 1]
    empty = (name == ord("3")) | (name >= ord("5"))
    odd.append(message[after_open[empty & (braces[after_open] != braces[after_open - 1] + 3)]])
    return np.concatenate(odd)


def _usual_headers(codes: Bytes, start: Positions) -> Flags:
    """Whether block 1 and the fixed part of block 2 have their usual form."""
    return _INPUT.stands_at(codes, start) | _OUTPUT.stands_at(codes, start)


def _usual_text(
    codes: Bytes,
    lines: Positions,
    start: Positions,
    text_open: Positions,
    closed: Positions,
    end: Positions,
) -> Flags:
    """Whether block 4 has lines of its own, begins with a field, and is alone in having lines."""
    usual: Flags = (codes[text_open + 3] == _LINE_FEED) & (codes[text_open + 4] == _COLON)
    usual &= (codes[closed - 1] == _DASH) & (codes[closed - 2] == _LINE_FEED)
    usual &= closed - 2 > text_open + 4
    usual &= np.searchsorted(lines, start) == np.searchsorted(lines, text_open + 3)
    usual &= np.searchsorted(lines, closed) == np.searchsorted(lines, end)
    return usual


def _without_oddities(
    chunk: bytes, codes: Bytes, lines: Positions, start: Positions, end: Positions
) -> Flags:
    """Whether nothing asks for care: controls, letters beyond ASCII, `##`, indented fields."""
    odd: list[Positions] = []
    if not chunk.isascii():
        odd.append(np.flatnonzero(codes >= 127))
    controls = codes[: len(codes) - len(_PADDING)] < ord(" ")
    if np.count_nonzero(controls) != len(lines):
        controls[lines] = False
        odd.append(np.flatnonzero(controls))
    if b"#" in chunk:
        signs = np.flatnonzero(codes == ord("#"))
        odd.append(signs[:-1][np.diff(signs) == 1])
    odd.append(_indented_fields(codes, lines))
    usual = np.ones(len(start), dtype=np.bool_)
    for places in odd:
        usual &= np.searchsorted(places, start) == np.searchsorted(places, end)
    return usual


def _indented_fields(codes: Bytes, lines: Positions) -> Positions:
    """Lines that may open a field behind blanks or a star."""
    lines = lines[_INDENT[codes[lines + 1]]]
    at = lines + 1
    for _ in range(_MOST_INDENT):
        at += _INDENT[codes[at]]
    fields: Positions = lines[(codes[at] == _COLON) | _INDENT[codes[at]]]
    return fields


def _is_filling(codes: Bytes, end: Positions, following: Positions) -> Flags:
    """Whether only filling stands between a message and the next."""
    size = following - end
    near = rows_at(codes, end, _SHORT_GAP).tobytes().translate(_UNLESS_FILLING)
    odd = np.frombuffer(near, dtype=np.uint64) & _FIRST_BYTES[np.minimum(size, _SHORT_GAP)]
    filling: Flags = odd == 0
    for i in np.flatnonzero(filling & (size > _SHORT_GAP)).tolist():
        filling[i] = bool(_FILLING.match(codes[end[i] : following[i]].tobytes()))
    return filling
