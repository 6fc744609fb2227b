"""Codes of the Harmonized System in free text, and what priority goods they mean.

A code counts where a word beside it says that it is one (`HS`, `HTS`, `GTIP`,
`TN VED` ...), further codes may follow it in a list, or where the text is a
description of goods and the code is written with its dots. Six digits alone in
a payment are an invoice number far more often than a tariff code.

Source: Common High Priority List (BIS, 2024-02-23) by HS 2022; codes of HS 2017
are carried over with less confidence (WCO correlation tables).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from scanner import reference
from scanner.exposure.first_look import shape

_LABEL = (
    r"(?:H\.?S\.?(?:\s?CODES?)?|HTS(?:US)?|HSN|HARMONI[SZ]ED(?:\s(?:SYSTEM|TARIFF))?"
    r"|G\.?T\.?[Iİ]\.?P\.?|TARIFF|TARIC|CUSTOMS\s(?:TARIFF|CODE)|TN\s?VED|\u0422\u041d\s?\u0412\u042d\u0414|CN\sCODE"
    r"|COMMODITY\sCODE|NCM|(?:ZOLL)?TARIF(?:NUMMER|NR)|WARENNUMMER|TARIF\sPOZ(?:ISYONU)?"
    r"|NOMENCLATURE|PARTIDA\sARANCELARIA|(?:CODE|POSITION)\sTARIFAIRE|CODICE\sDOGANALE)"
)
_FILLER = (
    r"(?:[\s:.#/\-]|CODES?|NOS?|NR|NUMBERS?|KODU|KOD|КОД|IS|POS|(?:SUB-?)?HEADINGS?"
    r"|POZISYON|CHAPTER|ITEM){0,6}"
)
# National tariffs go on to ten digits and, in Turkey, to twelve.
_CODE = r"(?:\d{4}(?:[ .\-]?\d{2}){0,4}|\d{2}(?P<gap>[. ])\d{2}(?:(?P=gap)\d{2}){0,3})(?![0-9])"
_LABELLED = re.compile(rf"(?<![A-Z0-9]){_LABEL}{_FILLER}(?P<code>{_CODE})", re.IGNORECASE)
_NEXT = re.compile(rf"\s{{0,2}}(?:,|;|/|&|AND|VE)\s{{0,2}}(?P<code>{_CODE})", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\w.])(?P<code>\d{4}\.\d{2}(?:\.\d{2}){0,2})(?![\w]|\.\d)")
_TIER_ORDER = ("1", "2", "3.A", "3.B", "4.A", "4.B")
_LIST_MAX = 40
SHAPE = shape(rf"(?i){_LABEL}{_FILLER}[0-9]{{2}}[. ]?[0-9]{{2}}|[0-9]{{4}}\.[0-9]{{2}}")
"""What `find_codes` finds a code in, at least, in ASCII."""


@dataclass(frozen=True, slots=True)
class Good:
    """What a code or a word means.

    Attributes:
        hs6: HS 2022 code, six digits; None for a whole heading.
        chpl_tier: Tier of the Common High Priority List.
        item_category: Category 1 to 8 of the s.11(a)(ii) determination.
    """

    hs6: str | None
    chpl_tier: str | None
    item_category: int | None


@dataclass(frozen=True, slots=True)
class CodeFound:
    """One code in a text."""

    good: Good
    start: int
    end: int
    confidence: float
    because: str


@cache
def _tiers() -> dict[str, str]:
    return {row["hs6"]: row["tier"] for row in reference.rows("chpl")}


@cache
def _carried_over() -> dict[str, str]:
    return {row["hs2017"]: row["hs2022"] for row in reference.rows("chpl_hs2017_crosswalk")}


@cache
def item_category(hs: str) -> int | None:
    """Category of the s.11(a)(ii) determination for a code of four or six digits."""
    for row in reference.rows("s11_item_headings"):
        if hs.startswith(row["hs_prefix"]):
            return int(row["number"])
    return None


@cache
def good_of(hs6: str) -> Good | None:
    """The priority good of a six-digit HS 2022 code, or None where it is none."""
    good = Good(hs6, _tiers().get(hs6), item_category(hs6))
    return good if good.chpl_tier or good.item_category else None


@cache
def _good_of_heading(hs4: str) -> Good | None:
    tiers = [tier for hs6, tier in _tiers().items() if hs6.startswith(hs4)]
    good = Good(None, min(tiers, key=_TIER_ORDER.index) if tiers else None, item_category(hs4))
    return good if good.chpl_tier or good.item_category else None


def find_codes(text: str, *, describes_goods: bool) -> list[CodeFound]:
    """Priority goods that a text names by their tariff code.

    Args:
        text: As received.
        describes_goods: The field's purpose is to describe goods (MT 45A).
    """
    found = [
        code
        for start, end, labelled in _codes_in(text, describes_goods=describes_goods)
        if (code := _judged(text, start, end, labelled=labelled)) is not None
    ]
    return sorted(found, key=lambda code: code.start)


def _codes_in(text: str, *, describes_goods: bool) -> Iterator[tuple[int, int, bool]]:
    taken: set[int] = set()
    for match in _LABELLED.finditer(text):
        start, end = match.span("code")
        taken.add(start)
        yield start, end, True
        for _ in range(_LIST_MAX):
            following = _NEXT.match(text, end)
            if following is None:
                break
            start, end = following.span("code")
            if start not in taken:
                taken.add(start)
                yield start, end, True
    if describes_goods:
        for match in _DOTTED.finditer(text):
            if match.start() not in taken:
                yield match.start(), match.end(), False


def _judged(text: str, start: int, end: int, *, labelled: bool) -> CodeFound | None:
    digits = re.sub(r"\D", "", text[start:end])
    if len(digits) == 4:
        good = _good_of_heading(digits)
        confidence, why = 0.6, f"tariff heading {digits}, sub-heading not said"
    else:
        good = good_of(digits[:6])
        confidence, why = 0.95, f"tariff code {digits[:6]}"
        newer = _carried_over().get(digits[:6])
        if good is None and newer:
            good = good_of(newer)
            confidence, why = 0.6, f"tariff code {digits[:6]} of HS 2017, now {newer}"
    if good is None:
        return None
    if not labelled:
        confidence, why = min(confidence, 0.6), f"{why}, in a description of goods"
    return CodeFound(good, start, end, confidence, why)
