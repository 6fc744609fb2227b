"""Finds the ISO 20022 messages of a chunk that are whole and plain, all at once: where each stands.

Of the tags of a chunk only those of business headers and documents count, as for the
cutter. A message is plain if these come in pairs: a header or none, then a document,
each ended by its own plain end tag. On such a message the cutter takes exactly the
places that are found here; all others are left to it. Positions are found with NumPy
over the chunk's bytes: no loop over messages.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from scanner.ingest.byte_forms import Bytes, Flags, Positions, rows_at
from scanner.ingest.spans import Spans

ROOM = b"\x00" * 32
"""What stands behind a text, so that a look ahead of its last tag stays inside."""
_OPEN, _CLOSE, _SLASH, _COLON = (ord(c) for c in "<>/:")
_NAMES = (b"AppHdr", b"Document")
_BEHIND_NAME = np.zeros(256, dtype=np.bool_)  # see the cutter's token
_BEHIND_NAME[list(b" \t\n\r\x0b\x0c/>")] = True
_PREFIX = np.zeros(256, dtype=np.bool_)
_PREFIX[list(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")] = True
_LONGEST_PREFIX = 16
_BEGINS_NAME = np.zeros(256, dtype=np.bool_)
_BEGINS_NAME[[name[0] for name in _NAMES]] = True
_HEADER, _DOCUMENT, _END, _ODD = 0, 1, 2, 4  # a kind of end is that of the start and two more
_SHORT_GAP_BYTES = 256
ODD, TELLS, SILENT = 0, 1, 2
"""Kinds of what stands between elements: no filling; filling that declares something, or not."""


@dataclass(frozen=True)
class MxText:
    """A text with the places of its tags.

    Attributes:
        content: The text, and room behind it.
        codes: The same as numbers.
        opens: Each `<`.
        closes: Each `>`.
    """

    content: bytes
    codes: Bytes
    opens: Positions
    closes: Positions

    @classmethod
    def of(cls, content: bytes) -> "MxText":
        """The text of some bytes."""
        content += ROOM
        codes = np.frombuffer(content, dtype=np.uint8)
        return cls(content, codes, np.flatnonzero(codes == _OPEN), np.flatnonzero(codes == _CLOSE))


@dataclass(frozen=True)
class MxLayout:
    """Plain messages of a chunk, by their places in it.

    Attributes:
        start: First byte: of the header or, without one, of the document.
        header_end: Behind the header; the same as `start` without one.
        document_start: First byte of the document.
        end: Behind the document.
        goes_on: Whether nothing but filling stands before the next message, which is plain too.
    """

    start: Positions
    header_end: Positions
    document_start: Positions
    end: Positions
    goes_on: Flags

    def __len__(self) -> int:
        return len(self.start)

    def run_ends(self) -> Positions:
        """Number of the last message of the row that goes on from each one."""
        last = np.flatnonzero(~self.goes_on)
        return last[np.searchsorted(last, np.arange(len(self)))]

    def chosen(self, which: Positions | Flags) -> "MxLayout":
        """Some of the messages."""
        return MxLayout(
            self.start[which],
            self.header_end[which],
            self.document_start[which],
            self.end[which],
            self.goes_on[which],
        )


@dataclass(frozen=True)
class PlainMx:
    """Plain messages of one chunk.

    Attributes:
        chunk: Bytes that hold them.
        offset: Where the chunk starts in its file.
        layout: Where they stand in it.
        around: Declarations of the elements around, and the encoding told, of each run of them.
        run: Number of the run of each message.
        text: The chunk's text; made anew where another process reads it.
    """

    chunk: bytes
    offset: int
    layout: MxLayout
    around: tuple[tuple[bytes, str | None], ...]
    run: Positions
    text: MxText | None = None

    def __getstate__(self) -> dict[str, object]:
        """Leave out what is cheaper to make than to send."""
        return self.__dict__ | {"text": None}

    def places(self, number: int) -> tuple[int, int, int, int]:
        """Of one message its start, the end of its header, the start and end of its document."""
        layout = self.layout
        return (
            int(layout.start[number]), int(layout.header_end[number]),
            int(layout.document_start[number]), int(layout.end[number]),
        )  # fmt: skip


def find_documents(
    chunk: bytes, longest_bytes: int, gap_kind: Callable[[bytes], int]
) -> tuple[MxText, MxLayout] | None:
    """A chunk's text and its plain messages; None where there are none.

    Args:
        chunk: Bytes of a file.
        longest_bytes: Longest message that is read.
        gap_kind: Whether bytes between elements are filling, and whether it tells anything.
    """
    if b"Document" not in chunk:
        return None
    text = MxText.of(chunk)
    tags = _Tags.of(text)
    paired = tags.paired(text)
    first = np.flatnonzero(paired & (tags.kind[:-1] == _DOCUMENT))
    if not len(first):
        return None
    header = np.maximum(first - 2, 0)  # number of the header's tag, if there is one
    headed = (first >= 2) & paired[header] & (tags.kind[header] == _HEADER)
    document_start, end = tags.at[first], _behind_tag(text, tags.at[first + 1])
    start = np.where(headed, tags.at[header], document_start)
    header_end = np.where(headed, _behind_tag(text, tags.at[header + 1]), document_start)
    usual = end - start <= longest_bytes
    usual[headed] &= _gaps(text, header_end[headed], document_start[headed], gap_kind)[0] == SILENT
    goes_on = np.zeros(len(first), dtype=np.bool_)
    goes_on[:-1] = np.where(headed, header, first)[1:] == first[:-1] + 2
    goes_on[:-1] &= usual[:-1] & usual[1:]
    which = np.flatnonzero(goes_on)
    kinds, codes = _gaps(text, end[which], start[which + 1], gap_kind)
    # What tells the same as what stood before the message itself tells nothing new.
    again = np.zeros(len(which), dtype=np.bool_)
    again[1:] = (codes[1:] == codes[:-1]) & (which[1:] == which[:-1] + 1)
    goes_on[which] = (kinds == SILENT) | (again & (kinds == TELLS))
    return text, MxLayout(start, header_end, document_start, end, goes_on).chosen(usual)


@dataclass(frozen=True)
class _Tags:
    """Start and end tags of headers and documents, in their order.

    Attributes:
        at: Where each opens.
        kind: Header or document, start or end, or odd.
        prefix: Prefix of each name, a row of bytes.
    """

    at: Positions
    kind: Positions
    prefix: Bytes

    @classmethod
    def of(cls, text: MxText) -> "_Tags":
        """The tags of a text."""
        codes, opens = text.codes, text.opens
        is_end = codes[opens + 1] == _SLASH
        name = opens + 1 + is_end
        which = np.flatnonzero(_BEGINS_NAME[codes[name]])
        at, name, is_end = opens[which], name[which], is_end[which]
        colons = np.flatnonzero(codes == _COLON)
        colons = colons[_BEGINS_NAME[codes[colons + 1]]]
        if len(colons):
            before = np.searchsorted(opens, colons) - 1
            colons, before = colons[before >= 0], before[before >= 0]
            at = np.concatenate((at, opens[before]))
            name = np.concatenate((name, colons + 1))
            is_end = np.concatenate((is_end, codes[opens[before] + 1] == _SLASH))
            order = np.argsort(at, kind="stable")
            at, name, is_end = at[order], name[order], is_end[order]
        kind = _kinds(codes, name, is_end)
        kept = kind >= 0
        at, name, is_end, kind = at[kept], name[kept], is_end[kept], kind[kept]
        begin = at + 1 + is_end
        size = name - begin - 1  # -1 without a prefix, for there is no colon either
        prefix = rows_at(codes, begin, _LONGEST_PREFIX).copy()
        behind = np.arange(_LONGEST_PREFIX) >= size[:, None]
        prefix[behind] = 0
        odd = (size == 0) | (size > _LONGEST_PREFIX) | ~(_PREFIX[prefix] | behind).all(axis=1)
        kind[odd] = _ODD
        return cls(at, kind, prefix)

    def paired(self, text: MxText) -> Flags:
        """Of each tag but the last whether it is ended by the next one, and is not empty."""
        if len(self.at) < 2:
            return np.zeros(0, dtype=np.bool_)
        paired: Flags = self.kind[1:] == self.kind[:-1] + _END
        paired &= (self.kind[:-1] < _END) & (self.prefix[1:] == self.prefix[:-1]).all(axis=1)
        behind = _behind_tag(text, self.at[:-1])
        paired &= (behind > 0) & (text.codes[behind - 2] != _SLASH)
        return paired


def _kinds(codes: Bytes, name: Positions, is_end: Flags) -> Positions:
    """Kind of each tag by its local name; less than 0 for other elements."""
    kind = np.full(len(name), -1, dtype=np.int64)
    words = rows_at(codes, name, 8).view(np.uint64)[:, 0]
    for number, told in enumerate(_NAMES):
        mask, literal = (
            np.frombuffer(part.ljust(8, b"\x00"), dtype=np.uint64)[0]
            for part in (b"\xff" * len(told), told)
        )
        behind = codes[name + len(told)]
        named = ((words & mask) == literal) & _BEHIND_NAME[behind]
        kind[named] = number
        kind[named & is_end] = np.where(behind[named & is_end] == _CLOSE, number + _END, _ODD)
    return kind


def _behind_tag(text: MxText, at: Positions) -> Positions:
    """Behind the tags that open here; 0 where one does not close."""
    found = np.searchsorted(text.closes, at)
    return np.append(text.closes + 1, 0)[found]


def _gaps(
    text: MxText, start: Positions, end: Positions, gap_kind: Callable[[bytes], int]
) -> tuple[Positions, Positions]:
    """Kind of each gap, and a number that only equal ones share; each is asked for once."""
    kinds, codes = np.full(len(start), SILENT), np.full(len(start), -1)
    kinds[end - start > _SHORT_GAP_BYTES] = ODD
    which = np.flatnonzero((end > start) & (kinds == SILENT))
    coded = Spans(text.content, start[which], end[which]).every().dictionary_encode()
    told = [gap_kind(gap) for gap in coded.dictionary.cast(pa.binary()).to_pylist()]
    codes[which] = coded.indices.to_numpy()
    kinds[which] = np.array(told, dtype=np.int64)[codes[which]]
    return kinds, codes
