"""The goods reader: which priority goods the texts of payments name, and where.

Three readers look at each distinct text once: tariff codes, ordering codes and
words in English, Turkish and Russian. What they find is mapped to the tier of
the Common High Priority List and to the category of OFAC's item determination
under s.11(a)(ii) of E.O. 14024; the two lists are kept apart, since one is not
the other.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace

import pyarrow as pa

from scanner.exposure import hs_codes, part_numbers
from scanner.exposure.first_look import may_hold
from scanner.exposure.goods_words import (
    find_words,
    is_about_service,
    is_denied,
    marks_of,
    names_good,
)
from scanner.exposure.hs_codes import Good, find_codes
from scanner.exposure.part_numbers import find_parts
from scanner.exposure.words import Word, unwrapped, words_of
from scanner.schema import GOODS_FOUND

LEAST_CONFIDENCE = 0.5
_SHAPES = f"{part_numbers.SHAPE}|{hs_codes.SHAPE}"
GOODS_READ_SCHEMA = pa.schema(
    [
        pa.field("text", pa.string()),
        pa.field("text_kind", pa.string()),
        *(
            GOODS_FOUND.arrow_schema.field(name)
            for name in (
                "matched_text", "span", "hs6", "chpl_tier", "item_category", "found_by",
                "confidence", "because",
            )
        ),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GoodFound:
    """One good in one text; `[start, end)` counts characters."""

    good: Good
    start: int
    end: int
    found_by: str
    confidence: float
    because: str


def goods_in(text: str, *, describes_goods: bool = False) -> list[GoodFound]:
    """Priority goods that one text names, in order, none overlapping another.

    Args:
        text: As received; places count in it.
        describes_goods: The field's purpose is to describe goods (MT 45A).
    """
    found = _read(text, describes_goods=describes_goods)
    joined = unwrapped(text)
    if joined is not None:
        whole, places = joined
        found += [
            replace(one, start=places[one.start], end=places[one.end - 1] + 1)
            for one in _read(whole, describes_goods=describes_goods)
        ]
    return _without_overlap(found)


def find_goods(texts: pa.Table | pa.RecordBatch) -> pa.Table:
    """Read goods in a batch of texts.

    Args:
        texts: Rows of `text`, `text_kind` and `describes_goods`, each text once.

    Returns:
        Rows of `GOODS_READ_SCHEMA` in the order of the texts.
    """
    columns: dict[str, list[object]] = {name: [] for name in GOODS_READ_SCHEMA.names}
    asked = [texts.column(name).to_pylist() for name in ("text", "text_kind", "describes_goods")]
    looked = may_hold(asked[0], _SHAPES, names_good)
    for text, kind, describes_goods, may in zip(*asked, looked, strict=True):
        if not may:
            continue
        for found in goods_in(text, describes_goods=describes_goods):
            values = (
                text,
                kind,
                text[found.start : found.end],
                [found.start, found.end],
                found.good.hs6,
                found.good.chpl_tier,
                found.good.item_category,
                found.found_by,
                found.confidence,
                found.because,
            )
            for name, value in zip(GOODS_READ_SCHEMA.names, values, strict=True):
                columns[name].append(value)
    return pa.table(columns, schema=GOODS_READ_SCHEMA)


def _read(text: str, *, describes_goods: bool) -> list[GoodFound]:
    words = words_of(text)
    found = []
    clauses = set()
    codes = find_codes(text, describes_goods=describes_goods)
    parts = find_parts(text)
    marks = marks_of(words) if codes or parts else {}
    for code in codes:
        clauses.add(_clause_at(words, code.start))
        if is_denied(words, _word_at(words, code.start), marks):
            continue
        found.append(
            GoodFound(code.good, code.start, code.end, "hs_code", code.confidence, code.because)
        )
    for part in parts:
        clause = _clause_at(words, part.start)
        clauses.add(clause)
        confidence, because = part.confidence, f"shaped like the ordering code of {part.family}"
        service = is_about_service(words, clause, marks)
        if service:
            confidence, because = 0.5, f"{because}, beside {service}"
        found.append(GoodFound(part.good, part.start, part.end, "part_number", confidence, because))
    named = find_words(words, describes_goods=describes_goods, has_part=frozenset(clauses))
    found += [
        GoodFound(
            word.term.good,
            words[word.first].start,
            words[word.last - 1].end,
            "words",
            word.confidence,
            word.because,
        )
        for word in named
    ]
    return [one for one in found if one.confidence >= LEAST_CONFIDENCE]


def _word_at(words: list[Word], place: int) -> int:
    """Number of the word that holds a place of the text, or of the last before it."""
    return max(bisect_right(words, place, key=lambda word: word.start) - 1, 0)


def _clause_at(words: list[Word], place: int) -> int:
    return words[_word_at(words, place)].clause if words else 0


def _without_overlap(found: list[GoodFound]) -> list[GoodFound]:
    ranked = sorted(found, key=lambda f: (f.start - f.end, -f.confidence, f.start, f.found_by))
    kept: list[GoodFound] = []  # in order of place, so that only two neighbours can overlap
    for one in ranked:
        place = bisect_right(kept, one.start, key=lambda other: other.start)
        if place and kept[place - 1].end > one.start:
            continue
        if place < len(kept) and kept[place].start < one.end:
            continue
        kept.insert(place, one)
    return kept
