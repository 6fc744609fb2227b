"""ISO 20022 messages that are read together: where they stand in one text, and their outlines.

A message's outline, its document without the texts, tells its shape; see `mx_shapes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from scanner.ingest.byte_forms import Flags, Positions
from scanner.ingest.columns import Given
from scanner.ingest.containers import Piece
from scanner.ingest.mx_layout import MxText, PlainMx
from scanner.ingest.mx_shapes import HeaderPlaces, Shape, Shapes
from scanner.ingest.mx_texts import Elements


@dataclass(frozen=True)
class MxMessages:
    """Messages that wait to be read, in the order in which they stand in one text.

    Attributes:
        text: The text.
        key: What the rows of each are ordered by.
        offset: Where each stands in its file.
        length: Its bytes.
        header_start: First byte of its business header in the text.
        header_end: Behind the header; the same as its start without one.
        document_start: First byte of its document.
        document_end: Behind the document.
        namespaces: Declarations of the elements around both.
        namespace: Number of these of each message.
        given: What the files tell.
        given_of: Number of this of each message.
    """

    text: MxText
    key: Positions
    offset: Positions
    length: Positions
    header_start: Positions
    header_end: Positions
    document_start: Positions
    document_end: Positions
    namespaces: Sequence[bytes]
    namespace: Positions
    given: Sequence[Given]
    given_of: Positions

    def __len__(self) -> int:
        return len(self.key)

    @classmethod
    def of_chunk(cls, plain: PlainMx, key: int, given: Given) -> "MxMessages":
        """The plain messages of a chunk.

        Args:
            plain: The messages.
            key: Key of what stands first in their file.
            given: What their file tells.
        """
        layout = plain.layout
        offset = plain.offset + layout.start
        namespaces, number = _numbered([told for told, _ in plain.around])
        return cls(
            plain.text or MxText.of(plain.chunk), key + offset, offset, layout.end - layout.start,
            layout.start, layout.header_end, layout.document_start, layout.end,
            namespaces, number[plain.run], [given], np.zeros(len(layout), dtype=np.int64),
        )  # fmt: skip

    @classmethod
    def of_pieces(cls, pieces: Sequence[tuple[int, Piece, Given]]) -> "MxMessages":
        """Pieces with their keys and what their files tell."""
        found = [piece for _, piece, _ in pieces]
        sizes = np.array([len(piece.content) for piece in found], dtype=np.int64)
        start = np.cumsum(sizes) - sizes
        namespaces, namespace = _numbered([piece.namespaces for piece in found])
        distinct = {id(given): given for _, _, given in pieces}
        place = {told: number for number, told in enumerate(distinct)}
        return cls(
            MxText.of(b"".join([piece.content for piece in found])),
            np.array([key for key, _, _ in pieces], dtype=np.int64),
            np.array([piece.offset for piece in found], dtype=np.int64),
            np.array([piece.length for piece in found], dtype=np.int64),
            start,
            start + np.array([piece.header_end for piece in found], dtype=np.int64),
            start + np.array([piece.document_start or 0 for piece in found], dtype=np.int64),
            start + sizes,
            namespaces, namespace, list(distinct.values()),
            np.array([place[id(given)] for _, _, given in pieces], dtype=np.int64),
        )  # fmt: skip


def _numbered(told: Sequence[bytes]) -> tuple[list[bytes], Positions]:
    """Distinct values, and the number of each one's."""
    number_of = {value: number for number, value in enumerate(dict.fromkeys(told))}
    return list(number_of), np.array([number_of[value] for value in told], dtype=np.int64)


class Apart:
    """Messages taken apart: their headers and documents are elements of one text."""

    def __init__(self, messages: MxMessages) -> None:
        self.messages = messages
        self.has_header = messages.header_end > messages.header_start
        self.document = np.arange(len(messages)) + np.cumsum(self.has_header)
        self.header = self.document - 1  # where there is one
        start = np.empty(len(messages) + int(self.has_header.sum()), dtype=np.int64)
        end = np.empty_like(start)
        start[self.document], end[self.document] = messages.document_start, messages.document_end
        headed = self.header[self.has_header]
        start[headed] = messages.header_start[self.has_header]
        end[headed] = messages.header_end[self.has_header]
        self.elements = Elements.of(messages.text, start, end)
        coded = self.elements.outlines()
        self._outlines = coded.dictionary.cast(pa.binary())
        self._outline = coded.indices.to_numpy().astype(np.int64)

    def shapes(self, shapes: Shapes) -> tuple[list[Shape | None], Positions]:
        """Shapes, and the number of each document's; None where it is odd or not known."""
        found: list[Shape | None] = []
        known = shapes.outlines
        every = np.ones(len(self.messages), dtype=np.bool_)
        kinds, number = self._kinds(self.document, every)
        for outline, first, count in kinds:
            if outline not in known and count > 1:
                document = self._bytes_of(self.document[first])
                # A shape is recorded when it is met again.
                known[outline] = shapes.learn(document, outline[0]) or shapes.learn(
                    document, outline[0]
                )
            found.append(known.get(outline))
        return [*found, None], number

    def headers(self, shapes: Shapes) -> tuple[list[HeaderPlaces | None], Positions]:
        """Where values of headers stand, and the number of each header's; None where it is odd."""
        found: list[HeaderPlaces | None] = []
        known = shapes.header_outlines
        kinds, number = self._kinds(self.header, self.has_header)
        for outline, first, _ in kinds:
            if outline not in known:
                known[outline] = shapes.learn_header(self._bytes_of(self.header[first]), outline[0])
            found.append(known[outline])
        number[~self.has_header] = len(found) + 1
        return [*found, None, {}], number

    def _kinds(
        self, element: Positions, present: Flags
    ) -> tuple[list[tuple[tuple[bytes, bytes], int, int]], Positions]:
        """Distinct namespaces and outlines, with a message that has them and how many have.

        Of each message comes the number of its own; one more than the last where it is odd.
        """
        messages, outlines = self.messages, self._outlines
        which = np.flatnonzero(present)
        which = which[~self.elements.odd[element[which]]]
        pair = messages.namespace[which] * len(outlines) + self._outline[element[which]]
        distinct, first, number_of, counts = np.unique(
            pair, return_index=True, return_inverse=True, return_counts=True
        )
        kinds = []
        for told, place, count in zip(
            distinct.tolist(), which[first].tolist(), counts.tolist(), strict=True
        ):
            namespace, outline = divmod(told, len(outlines))
            kinds.append(
                ((messages.namespaces[namespace], outlines[outline].as_py()), place, count)
            )
        number = np.full(len(messages), len(kinds), dtype=np.int64)
        number[which] = number_of
        return kinds, number

    def _bytes_of(self, element: int) -> bytes:
        start, end = self.elements.start[element], self.elements.end[element]
        return self.elements.content[start:end]
