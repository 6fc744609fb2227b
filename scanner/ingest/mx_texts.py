"""Elements of many ISO 20022 messages taken apart at once: what is text, and what is outline.

All positions of `<` and `>` are found with NumPy; between a `>` and the next `<` stands a
text, indentation or nothing. Elements in which anything else stands (comments, CDATA,
entities beyond the five, letters beyond ASCII, texts of several lines) are odd and left to others.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.ingest.byte_forms import Bytes, Flags, Positions, rows_at
from scanner.ingest.mx_layout import ROOM, MxText
from scanner.ingest.spans import Spans

_MARK = 1  # a byte that stands in no text
_SLASH, _AND = (ord(c) for c in "/&")
_BLANK = np.zeros(256, dtype=np.bool_)
_BLANKS = b" \t\n\r\x0b\x0c"
_BLANK[list(_BLANKS)] = True
_NAME_START = np.zeros(256, dtype=np.bool_)
_NAME_START[list(b"/_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] = True


@dataclass(frozen=True)
class Elements:
    """Elements of one text, in its order and without overlap.

    Attributes:
        content: The text.
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
    _escaped: Flags | None  # texts that hold entities; None where none does

    @classmethod
    def of(cls, text: MxText, start: Positions, end: Positions) -> "Elements":
        """Take elements apart.

        Args:
            text: What holds them.
            start: First byte of each.
            end: Behind the last byte of each.
        """
        codes = text.codes
        odd, gap_start, gap_end, owner = _gaps(text, start, end)
        first, last = codes[gap_start], codes[gap_end - 1]
        whole = ~(_BLANK[first] | _BLANK[last]) & (codes[gap_end + 1] == _SLASH)
        blank = _BLANK[first]
        which = np.flatnonzero(blank)
        if len(which):
            blank[which] = _all_blank(text.content, gap_start[which], gap_end[which])
        odd[owner[~whole & ~blank]] = True
        text_owner = owner[whole]
        text_start, text_end = gap_start[whole], gap_end[whole]
        # In a text no control may stand, an end of line among them.
        controls = np.flatnonzero(codes[: len(codes) - len(ROOM)] < ord(" "))
        odd[text_owner[_holding(controls, text_start, text_end)]] = True
        bounds = np.searchsorted(text_owner, np.arange(len(start) + 1))
        return cls(
            text.content, start, end, odd, bounds, text_start, text_end,
            Spans(text.content, text_start, text_end), gap_start[blank], gap_end[blank],
            _holding(np.flatnonzero(codes == _AND), text_start, text_end)
            if b"&" in text.content else None,
        )  # fmt: skip

    def outlines(self) -> pa.DictionaryArray:
        """Each element with one mark instead of each text, distinct ones once."""
        marked = np.frombuffer(self.content, dtype=np.uint8).copy()
        marked[self.text_end - 1] = _MARK
        kept, start, end = self._without(marked, self.text_start, self.text_end - 1)
        return Spans(kept, start, end).every().dictionary_encode()

    def unindented(self) -> tuple[bytes, Positions, Positions]:
        """Elements without the blanks between their tags: bytes, and start and end of each."""
        if not len(self._blank_start):
            return self.content, self.start, self.end
        codes = np.frombuffer(self.content, dtype=np.uint8)
        return self._without(codes, self._blank_start, self._blank_end)

    def _without(
        self, codes: Bytes, start: Positions, end: Positions
    ) -> tuple[bytes, Positions, Positions]:
        """The content without some stretches of it, and where each element stands in it."""
        kept = Spans(codes, np.append(0, end), np.append(start, len(codes))).joined()
        gone = np.append(0, np.cumsum(end - start))
        begins = self.start - gone[np.searchsorted(start, self.start)]
        ends = self.end - gone[np.searchsorted(start, self.end)]
        return kept, begins, ends

    def take(self, numbers: Positions, missing: Flags) -> pa.Array:
        """Texts of these numbers, as they are meant; null where missing."""
        if not len(self.text_start):
            return pa.nulls(len(numbers), pa.string())
        numbers = np.where(missing, 0, numbers)
        found = self.texts.take(numbers, missing)
        if self._escaped is None:
            return found
        escaped = self._escaped[numbers] & ~missing
        if not escaped.any():
            return found
        meant = found.filter(pa.array(escaped))
        for entity, sign in ENTITIES.items():
            meant = pc.replace_substring(meant, entity, sign)
        return pc.replace_with_mask(found, pa.array(escaped), meant)

    def text(self, number: int) -> str:
        """One text as it is meant."""
        start, end = self.text_start[number], self.text_end[number]
        meant = self.content[start:end].decode()
        for entity, sign in ENTITIES.items():
            meant = meant.replace(entity, sign)
        return meant


ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
"""The sign of `&` last, for what it makes is no entity."""


def _holding(places: Positions, start: Positions, end: Positions) -> Flags:
    """Which of the stretches hold any of the places."""
    holds = np.zeros(len(start), dtype=np.bool_)
    of_stretch = np.searchsorted(start, places, side="right") - 1
    places, of_stretch = places[of_stretch >= 0], of_stretch[of_stretch >= 0]
    holds[of_stretch[places < end[of_stretch]]] = True
    return holds


def _other_entities(codes: Bytes) -> Positions:
    """Each `&` that begins none of the five entities."""
    places = np.flatnonzero(codes == _AND)
    words = rows_at(codes, places, 8).view(np.uint64)[:, 0]
    known = np.zeros(len(places), dtype=np.bool_)
    for entity in ENTITIES:
        mask, literal = (
            np.frombuffer(part.ljust(8, b"\x00"), dtype=np.uint64)[0]
            for part in (b"\xff" * len(entity), entity.encode())
        )
        known |= (words & mask) == literal
    return places[~known]


def _gaps(
    text: MxText, start: Positions, end: Positions
) -> tuple[Flags, Positions, Positions, Positions]:
    """Odd elements; of the others what stands between a `>` and the next `<`, with its owner."""
    codes = text.codes
    first, closed_first = np.searchsorted(text.opens, start), np.searchsorted(text.closes, start)
    sizes = np.searchsorted(text.opens, end) - first
    odd = sizes != np.searchsorted(text.closes, end) - closed_first
    odd |= sizes == 0
    strange = []
    if not text.content.isascii() or b"\x7f" in text.content:
        strange.append(np.flatnonzero(codes >= 127))
    if b"&" in text.content:
        strange.append(_other_entities(codes))
    for places in strange:
        odd |= np.searchsorted(places, start) != np.searchsorted(places, end)
    sizes = np.where(odd, 0, sizes)
    before = np.cumsum(sizes) - sizes
    owner = np.repeat(np.arange(len(start)), sizes)
    tag = np.arange(len(owner)) + np.repeat(first - before, sizes)
    same = np.array_equal(first, closed_first)
    closed = tag if same else tag + np.repeat(closed_first - first, sizes)
    opens, closes = text.opens[tag], text.closes[closed]
    behind = np.cumsum(sizes)[sizes > 0]  # the last tag of each
    last, begin = behind - 1, np.append(0, behind)[:-1]
    inner = np.ones(len(owner), dtype=np.bool_)
    inner[last] = False
    wrong = (opens >= closes) | ~_NAME_START[codes[opens + 1]]
    wrong[:-1] |= inner[:-1] & (closes[:-1] >= opens[1:])
    wrong[last] |= closes[last] + 1 != end[owner[last]]
    wrong[begin] |= opens[begin] != start[owner[begin]]
    if wrong.any():
        odd[owner[wrong]] = True
        inner &= ~odd[owner]
    which = np.flatnonzero(inner[:-1] & (opens[1:] - closes[:-1] > 1))
    return odd, closes[which] + 1, opens[which + 1], owner[which]


def _all_blank(content: bytes, start: Positions, end: Positions) -> Flags:
    """Whether each stretch is of blanks alone; each distinct one, mostly indentation, once."""
    coded = Spans(content, start, end).every().dictionary_encode()
    stretches = coded.dictionary.cast(pa.binary()).to_pylist()
    blank = np.array([not stretch.strip(_BLANKS) for stretch in stretches], dtype=np.bool_)
    return np.asarray(blank[coded.indices.to_numpy()], dtype=np.bool_)
