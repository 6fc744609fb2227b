"""Marks what was found in the text in which it was found.

Pure. A span counts code points, `[start, end)`, in the text as received. Marks
may overlap: the text is cut where any mark begins or ends, and every piece names
the findings that cover it. Joining the pieces gives the text again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Mark:
    """One finding's place in a text."""

    finding: str
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A stretch of text and the findings that cover it; none = plain text."""

    text: str
    findings: tuple[str, ...] = ()


def mark_of(text: str, finding: str, span: Iterable[int] | None, matched: str) -> Mark | None:
    """The place of a finding, or None where it is not known.

    A span is believed only when it yields the matched text exactly: a mark in the
    wrong place would be false evidence. Without a span the matched text must stand
    in the field exactly once.
    """
    if span is None and matched and text.count(matched) == 1:
        # A code that is the whole of a field needs no span to be found.
        start = text.index(matched)
        return Mark(finding, start, start + len(matched))
    bounds = tuple(span or ())
    if len(bounds) != 2:
        return None
    start, end = bounds
    if 0 <= start < end <= len(text) and text[start:end] == matched:
        return Mark(finding, start, end)
    return None


def pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """Cut a text at the bounds of its marks."""
    kept = sorted(marks, key=lambda mark: (mark.start, mark.end, mark.finding))
    bounds = sorted({0, len(text), *(m.start for m in kept), *(m.end for m in kept)})
    made = []
    for start, end in pairwise(bounds):
        over = tuple(dict.fromkeys(m.finding for m in kept if m.start <= start and end <= m.end))
        made.append(Piece(text[start:end], over))
    return tuple(made)
