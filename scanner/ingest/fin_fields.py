"""Headers and fields of the plain FIN messages of a chunk, as positions and codes.

Each function looks at all messages at once. What is not as in nearly all
messages marks its message as odd; the careful reader then reads it.
"""

from dataclasses import dataclass, replace

import numpy as np

from scanner.ingest.byte_forms import Bytes, Flags, Form, Positions, rows_at
from scanner.ingest.fin_layout import DIGIT, UPPER, ChunkText, FinLayout

_BLANK = np.zeros(256, dtype=np.bool_)
_BLANK[[ord(" "), ord("\n")]] = True
_UUID = Form("-".join("h" * size for size in (8, 4, 4, 4, 12)))
_UUID_BYTES = 36
_DATED = Form("dddddduuu")
_UNDATED = Form("uuu")
_COLON, _OPEN = ord(":"), ord("{")
TAG_CODES = 2700
"""A tag's code is 27 times its number, and the place of its letter in the alphabet, from 1."""


@dataclass(frozen=True)
class FinFields:
    """Fields of plain messages in their order.

    Attributes:
        message: Number of its message.
        tag: Code of its tag.
        line: Line feed before it; the tag begins two characters on.
        start: First character of the value.
        end: Behind the value's last character.
    """

    message: Positions
    tag: Positions
    line: Positions
    start: Positions
    end: Positions

    def __len__(self) -> int:
        return len(self.message)

    @property
    def number(self) -> Positions:
        """The tags' numbers."""
        return self.tag // 27

    def of_messages(self, kept: Flags) -> "FinFields":
        """Fields of some of the messages, which are numbered anew."""
        renumbered = np.cumsum(kept) - 1
        which = np.flatnonzero(kept[self.message])
        return FinFields(
            renumbered[self.message[which]],
            self.tag[which],
            self.line[which],
            self.start[which],
            self.end[which],
        )


def tag_of(code: int) -> str:
    """The tag that a code stands for."""
    number, letter = divmod(code, 27)
    return f"{number:02d}{chr(64 + letter) if letter else ''}"


def find_fields(text: ChunkText, layout: FinLayout) -> tuple[FinFields, Flags]:
    """The fields, and the messages that begin with none or have a value with a blank around."""
    codes = text.codes
    line = text.lines[codes[text.lines + 1] == _COLON]
    letter = codes[line + 4]
    short = letter == _COLON
    opens = DIGIT[codes[line + 2]] & DIGIT[codes[line + 3]]
    opens &= short | (UPPER[letter] & (codes[line + 5] == _COLON))
    message = _owners(layout.text_open, line)
    opens &= (message >= 0) & (line < layout.text_close[message])
    which = np.flatnonzero(opens)
    line, message, short, letter = line[which], message[which], short[which], letter[which]
    start = line + 6 - short
    end = np.append(line[1:], 0)
    last = np.append(message[1:] != message[:-1], True)
    end[last] = layout.text_close[message[last]]
    number = (codes[line + 2].astype(np.int64) - 48) * 10 + codes[line + 3] - 48
    tag = number * 27 + np.where(short, 0, letter.astype(np.int64) - 64)
    blank = (_BLANK[codes[start]] & (end > start)) | _BLANK[codes[end - 1]]
    odd = np.ones(len(layout), dtype=np.bool_)
    odd[message[line == layout.text_open[message] + 3]] = False
    odd[message[blank]] = True
    return FinFields(message, tag, line, start, end), odd


def _owners(starts: Positions, places: Positions) -> Positions:
    """Number of the last start at or before each place, -1 before the first; both ascend."""
    first = np.searchsorted(places, starts)
    counts = np.diff(first, prepend=0, append=len(places))
    return np.repeat(np.arange(-1, len(starts)), counts)


@dataclass(frozen=True)
class SubBlocks:
    """The parts `{121:...}` of blocks 3, or of blocks 5, of plain messages."""

    message: Positions
    name: Positions
    start: Positions
    end: Positions

    def named(self, name: str, count: int) -> tuple[Positions, Positions, Flags]:
        """Start and end of the value of this name in each message, and which have one."""
        which = self.name == _name_code(name.encode())
        start, end = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        has = np.zeros(count, dtype=np.bool_)
        message = self.message[which]
        start[message], end[message], has[message] = self.start[which], self.end[which], True
        return start, end, has

    def of_messages(self, kept: Flags) -> "SubBlocks":
        """Parts of some of the messages, which are numbered anew."""
        which = kept[self.message]
        renumbered = np.cumsum(kept) - 1
        return SubBlocks(
            renumbered[self.message[which]],
            self.name[which],
            self.start[which],
            self.end[which],
        )


def find_sub_blocks(text: ChunkText, layout: FinLayout) -> tuple[SubBlocks, SubBlocks, Flags]:
    """Parts of the user headers and of the trailers, and the messages with a blank or empty one."""
    codes, braces = text.codes, text.braces
    message = _owners(layout.start, braces)
    inside = (message >= 0) & (braces < layout.end[message])
    top_s = (codes[braces + 1] == ord("S")) & (codes[braces + 2] == _COLON) & inside
    third_block = np.full(len(layout), np.iinfo(np.int64).max)
    third_block[message[top_s]] = braces[top_s]
    begins = np.flatnonzero(
        inside & (codes[braces] == _OPEN) & (codes[braces + 2] != _COLON)
        & (codes[braces + 4] == _COLON)
    )  # fmt: skip
    owner, at, end = message[begins], braces[begins], braces[begins + 1]
    name = (
        codes[at + 1].astype(np.int64) << 16 | codes[at + 2].astype(np.int64) << 8 | codes[at + 3]
    )
    found = SubBlocks(owner, name, at + 5, end)
    in_header = at < layout.text_open[owner]
    in_trailer = ~in_header & (at < third_block[owner])
    empty = end == at + 5  # as {TNG:} is, of no header's part
    blank = (_BLANK[codes[at + 5]] & ~empty) | _BLANK[codes[end - 1]] | (empty & in_header)
    odd = np.zeros(len(layout), dtype=np.bool_)
    odd[owner[blank]] = True
    return _some(found, in_header), _some(found, in_trailer), odd


def _some(found: SubBlocks, which: Flags) -> SubBlocks:
    return replace(
        found,
        message=found.message[which],
        name=found.name[which],
        start=found.start[which],
        end=found.end[which],
    )


def _name_code(name: bytes) -> int:
    return int.from_bytes(name, "big")


_AMOUNT_WIDTH = 18
_MOST_WHOLE_DIGITS = 12
SCALE = 5
"""Decimals that amounts are counted in."""


@dataclass(frozen=True)
class Money:
    """Fields 32 and 33, read.

    Attributes:
        currency: Its three letters, a row for each field.
        units: Amount in hundred thousandths.
        day: Six digits as a number, -1 without a date.
        odd: The fields that are not read here.
    """

    currency: Bytes
    units: Positions
    day: Positions
    odd: Flags


def read_money(codes: Bytes, start: Positions, end: Positions) -> Money:
    """Date, currency and amount of each value: `240815EUR1234,5`, or without the date."""
    dated = DIGIT[codes[start]]
    odd = np.where(dated, ~_DATED.stands_at(codes, start), ~_UNDATED.stands_at(codes, start))
    digits = rows_at(codes, start, 6).astype(np.int64) - 48
    day = np.where(dated, digits @ np.array([100_000, 10_000, 1_000, 100, 10, 1]), -1)
    at = start + np.where(dated, 6, 0)
    currency = rows_at(codes, at, 3)
    at = at + 3
    size = end - at
    odd |= (size < 1) | (size > _AMOUNT_WIDTH)
    units = np.zeros(len(start), dtype=np.int64)
    whole, places = np.zeros_like(units), np.zeros_like(units)
    behind = np.zeros(len(start), dtype=np.bool_)  # the comma
    for column in range(min(_AMOUNT_WIDTH, int(size.max(initial=0)))):
        letter = codes[at + column]
        inside = column < size
        comma = inside & (letter == ord(","))
        digit = inside & DIGIT[letter]
        odd |= (inside & ~comma & ~digit) | (comma & behind)
        behind |= comma
        units = np.where(digit, units * 10 + letter - 48, units)
        places += digit & behind
        whole += digit & ~behind
    odd |= (places > SCALE) | (whole < 1) | (whole > _MOST_WHOLE_DIGITS)
    units *= 10 ** np.clip(SCALE - places, 0, SCALE)
    return Money(currency, units, day, odd)


def uuids(codes: Bytes, start: Positions, end: Positions) -> tuple[Bytes, Flags]:
    """The values as rows of 36 characters in lower case, and which are UUIDs."""
    rows = rows_at(codes, start, _UUID_BYTES)
    lowered = np.frombuffer(rows.tobytes().lower(), dtype=np.uint8).reshape(rows.shape)
    return lowered, (end - start == _UUID_BYTES) & _UUID.stands_at(codes, start)
