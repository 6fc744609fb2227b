"""Ordering codes of electronic parts and bearings, known by their shape.

A payment seldom says "integrated circuit" but often `XC7K325T-2FFG900I`. The
shapes of makers' ordering codes are reference data; a token is tried only
against the shapes that begin as it does.
"""

import re
from dataclasses import dataclass
from functools import cache

from scanner import reference
from scanner.exposure.hs_codes import Good, good_of

_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9/#+:-]{3,39}")
# What follows these is a locator of a journey or parcel, whatever its shape.
_LOCATOR = re.compile(
    r"(?:BOOKING|PNR|RESERVATION|TICKET|FLIGHT|AWB|TRACKING|REZERVASYON|BILET)"
    r"(?:\s(?:REF|NO|NR|CODE|NUMBER|KODU))?[\s.:#]{1,3}$",
    re.IGNORECASE,
)
_LOCATOR_REACH = 30
SHAPE = r"[A-Za-z][A-Za-z/#+:-]*[0-9]|[0-9][0-9/#+:-]*[A-Za-z]"
"""What `find_parts` finds a part in, at least."""
_LETTER_AND_DIGIT = re.compile(r"(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])")


@dataclass(frozen=True, slots=True)
class PartFound:
    """One ordering code in a text."""

    good: Good
    family: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class _Shape:
    pattern: re.Pattern[str]
    family: str
    good: Good
    confidence: float


@cache
def _shapes() -> dict[str, tuple[_Shape, ...]]:
    by_first: dict[str, list[_Shape]] = {}
    for row in reference.rows("part_number_shapes"):
        good = good_of(row["hs6"])
        if good is None:
            continue
        pattern = re.compile(row["shape"])
        shape = _Shape(pattern, row["family"], good, float(row["confidence"]))
        for first in _first_characters(row["shape"]):
            by_first.setdefault(first, []).append(shape)
    return {first: tuple(shapes) for first, shapes in by_first.items()}


def _first_characters(shape: str) -> str:
    if shape.startswith("(?:"):
        return "".join(sorted({part[0] for part in shape[3 : shape.index(")")].split("|")}))
    if shape.startswith("I?"):
        return "IM"
    return shape[0]


def find_parts(text: str) -> list[PartFound]:
    """Ordering codes of priority goods in a text, in order."""
    found = []
    for match in _TOKEN.finditer(text):
        token = match[0].upper().rstrip("/#+:-")
        if not _LETTER_AND_DIGIT.match(token):
            continue
        if _LOCATOR.search(text[max(0, match.start() - _LOCATOR_REACH) : match.start()]):
            continue
        for shape in _shapes().get(token[0], ()):
            if shape.pattern.fullmatch(token):
                end = match.start() + len(token)
                found.append(
                    PartFound(shape.good, shape.family, match.start(), end, shape.confidence)
                )
                break
    return found
