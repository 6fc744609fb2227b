"""Elements of many ISO 20022 messages taken apart at once: what is text, and what is outline.

All positions of `<` and `>` are found with NumPy; between a `>` and the next `<` stands a
text, indentation or nothing. Elements in which anything else stands (comments, CDATA,
entities, letters beyond ASCII, texts of several lines) are odd and left to others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from scanner.ingest.byte_forms import Bytes, Flags, Positions
from scanner.ingest.spans import Spans

_ROOM = b"\x00" * 8
_MARK = 1  # a byte that stands in no text
_OPEN, _CLOSE, _SLASH, _AND = (ord(c) for c in "<>/&")
_BLANK = np.zeros(256, dtype=np.bool_)
_BLANK[list(b" \t\n\r\x0b\x0c")] = True
_NAME_START = np.zeros(256, dtype=np.bool_)
_NAME_START[list(b"/_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] = True


@dataclass(frozen=True)
class Elements:
    """Elements that stand one behind another in one buffer.

    Attributes:
        content: The buffer.
        start: First byte of each.
        end: Behind the last byte of each.
        odd: Which are not taken apart.
        first_text: Number of the first text of each; one more than there are elements.
        text_start: First byte of each text.
        text_end: Behind the last byte of each text.
        texts: The texts.
    """

    content: bytes
    start: Positions
    end: Positions
    odd: Flags
    first_text: Positions
    text_start: Positions
    text_end: Positions
    texts: Spans
    _blank_start: Positions
    _blank_end: Positions

    @classmethod
    def of(cls, contents: Sequence[bytes]) -> "Elements":
        """Take elements apart."""
        content = b"".join(contents) + _ROOM
        end = np.cumsum([len(c) for c in contents], dtype=np.int64)
        start = np.concatenate((end[:0], [0], end[:-1]))[: len(end)]
        codes = np.frombuffer(content, dtype=np.uint8)
        odd, gap_start, gap_end, owner = _gaps(codes, start, end)
        first, last = codes[gap_start], codes[gap_end - 1]
        whole = ~(_BLANK[first] | _BLANK[last]) & (codes[gap_end + 1] == _SLASH)
        blank = _BLANK[first]
        which = np.flatnonzero(blank)
        blank[which] = _all_blank(codes, gap_start[which], gap_end[which])
        odd[owner[~whole & ~blank]] = True
        text_owner = owner[whole]
        text_start, text_end = gap_start[whole], gap_end[whole]
        # In a text no control may stand, an end of line among them.
        controls = np.flatnonzero(codes[: len(codes) - len(_ROOM)] < ord(" "))
        inside = np.searchsorted(controls, text_end) > np.searchsorted(controls, text_start)
        odd[text_owner[inside]] = True
        bounds = np.searchsorted(text_owner, np.arange(len(contents) + 1))
        return cls(
            content, start, end, odd, bounds, text_start, text_end,
            Spans(content, text_start, text_end), gap_start[blank], gap_end[blank],
        )  # fmt: skip

    def outlines(self) -> list[bytes]:
        """Each element with one mark instead of each text."""
        marked = np.frombuffer(self.content, dtype=np.uint8).copy()
        marked[self.text_end - 1] = _MARK
        return self._without(marked, self.text_start, self.text_end - 1)

    def unindented(self) -> list[bytes]:
        """Each element without the blanks between its tags."""
        codes = np.frombuffer(self.content, dtype=np.uint8)
        return self._without(codes, self._blank_start, self._blank_end)

    def _without(self, codes: Bytes, start: Positions, end: Positions) -> list[bytes]:
        """Each element without some stretches of it."""
        kept = Spans(codes, np.append(0, end), np.append(start, len(codes))).joined()
        gone = np.append(0, np.cumsum(end - start))
        begins = self.start - gone[np.searchsorted(start, self.start)]
        ends = self.end - gone[np.searchsorted(start, self.end)]
        return [kept[a:b] for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]

    def take(self, numbers: Positions, missing: Flags) -> pa.Array:
        """Texts of these numbers; null where missing."""
        if not len(self.text_start):
            return pa.nulls(len(numbers), pa.string())
        return self.texts.take(np.where(missing, 0, numbers), missing)


def _gaps(
    codes: Bytes, start: Positions, end: Positions
) -> tuple[Flags, Positions, Positions, Positions]:
    """Odd elements; of the others what stands between a `>` and the next `<`, with its owner."""
    opens, closes = np.flatnonzero(codes == _OPEN), np.flatnonzero(codes == _CLOSE)
    first = np.searchsorted(opens, start)
    sizes = np.searchsorted(opens, end) - first
    closed_first = np.searchsorted(closes, start)
    odd = sizes != np.searchsorted(closes, end) - closed_first
    odd |= sizes == 0
    for places in (np.flatnonzero(codes >= 127), np.flatnonzero(codes == _AND)):
        odd |= np.searchsorted(places, start) != np.searchsorted(places, end)
    sizes = np.where(odd, 0, sizes)
    owner = np.repeat(np.arange(len(start)), sizes)
    if odd.any():
        ramp = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        opens, closes = opens[first[owner] + ramp], closes[closed_first[owner] + ramp]
    behind = np.cumsum(sizes)[sizes > 0]  # the last tag of each
    last, begin = behind - 1, np.append(0, behind)[:-1]
    inner = np.ones(len(owner), dtype=np.bool_)
    inner[last] = False
    wrong = (opens >= closes) | ~_NAME_START[codes[opens + 1]]
    wrong[:-1] |= inner[:-1] & (closes[:-1] >= opens[1:])
    wrong[last] |= closes[last] + 1 != end[owner[last]]
    wrong[begin] |= opens[begin] != start[owner[begin]]
    odd[owner[wrong]] = True
    if wrong.any():
        inner &= ~odd[owner]
    which = np.flatnonzero(inner[:-1] & (opens[1:] - closes[:-1] > 1))
    return odd, closes[which] + 1, opens[which + 1], owner[which]


def _all_blank(codes: Bytes, start: Positions, end: Positions) -> Flags:
    """Whether each stretch is of blanks alone."""
    if not len(start):
        return np.zeros(0, dtype=np.bool_)
    blanks = np.flatnonzero(_BLANK[codes])
    found = np.searchsorted(blanks, end) - np.searchsorted(blanks, start)
    return np.asarray(found == end - start, dtype=np.bool_)
