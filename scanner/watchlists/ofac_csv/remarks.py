"""The remarks of OFAC's CSV files, where everything without a column is kept.

Segments are separated by `; `. A segment is a label and a value, such as
`Tax ID No. 7702070139 (Russia)` or `alt. DOB 1951`. Labels of identifiers are
in `reference/ofac_remark_labels.csv`. Text in quotes (`a.k.a. 'HESA'`) may
hold a semicolon itself.

Source: the Remarks column as published; OFAC describes it only as free text.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from scanner import reference
from scanner.places import country_of_name
from scanner.watchlists.entry import FORMERLY, WEAK, Identifier, ListName
from scanner.watchlists.identifying import identifier

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MOST_BIRTH_YEARS = 15

_ALIAS = re.compile(r"^(a\.k\.a\.|f\.k\.a\.|n\.k\.a\.)\s*'(.*?)'?$", re.DOTALL)
_ALIAS_START = re.compile(r"^(?:a\.k\.a\.|f\.k\.a\.|n\.k\.a\.)\s*'")
_ALTERNATIVE = re.compile(r"^alt\.\s+")
_VALIDITY = re.compile(r"\s+(?:issued|expires)\s+(?:\d{1,2}\s+)?(?:[A-Z][a-z]{2}\s+)?\d{4}\b")
_ISSUER = re.compile(r"\s*\(([^()]*)\)\s*$")
_BIK = re.compile(r"^\(([A-Z]{2})\)\s*")
_IN_BRACKETS = re.compile(r"^\((?:USCC|MSN|CBLS)[^()]*\)\s*")
_CRYPTO = re.compile(r"^([A-Z0-9]{2,6})\s+(\S+)$")
_NATION = re.compile(r"^(?:nationality|citizen|Nationality of Registration)\s+(.+)$")
_FLAG = re.compile(r"^Vessel Flag\s+(.+)$")
_DATE = re.compile(r"(?:(?:([0-3]?\d)\s+)?([A-Z][a-z]{2})[a-z]*\.?\s+)?(\d{4})")
_LISTED = re.compile(r"^Listing Date(?: \([^()]*\))?:?\s+(.+)$")
_GENERIC = re.compile(
    r"^(?P<label>[A-Za-z][A-Za-z.'/ -]{1,50}?"
    r"(?:No\.?|Number|#|ID|Card|Document|Certificate|Code|Registry))"
    r"[:\s]+(?P<value>(?:[A-Z]{1,5}[ :.-]?)?[\w./-]*\d[\w./ -]*)"
)


@dataclass(slots=True)
class Remarks:
    """What the remarks of one entry say."""

    names: list[ListName] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    birth_dates: list[str] = field(default_factory=list)
    nations: list[str] = field(default_factory=list)
    linked_to: list[str] = field(default_factory=list)
    listed_on: date | None = None


def segments_of(remarks: str) -> list[str]:
    """Cut remarks into segments, without the full stop that ends the last one.

    >>> segments_of("DOB 1962; POB Shati.")
    ['DOB 1962', 'POB Shati']
    >>> segments_of("a.k.a. 'ONE; TWO'; MMSI 1.")
    ["a.k.a. 'ONE; TWO'", 'MMSI 1']
    """
    found: list[str] = []
    open_quote = False
    for piece in remarks.split(";"):
        text = piece.strip()
        if open_quote:
            found[-1] = f"{found[-1]}; {text}"
        elif text:
            found.append(text)
        else:
            continue
        alone = found[-1].rstrip(".")
        open_quote = bool(_ALIAS_START.match(alone)) and not alone.endswith("'")
        if open_quote and _closes_later(found[-1], remarks) is False:
            open_quote = False
    return [text for text in (segment.rstrip(". ") for segment in found) if text]


def _closes_later(segment: str, remarks: str) -> bool:
    rest = remarks[remarks.find(segment) + len(segment) :]
    # A quote that closes before the next alias opens belongs to this one.
    closing = re.search(r"'(?:\.?\s*;|\.?\s*$)", rest)
    opening = re.search(r"\.k\.a\.\s*'", rest)
    return closing is not None and (opening is None or closing.start() < opening.start())


def parse_remarks(remarks: str | None, *, is_individual: bool) -> Remarks:
    """Read names, identifiers, dates, nationalities and links out of remarks.

    Args:
        remarks: The remarks, whole (joined with their continuation).
        is_individual: Unknown numbers are then a person's, otherwise a firm's.
    """
    made = Remarks()
    for segment in segments_of(remarks or ""):
        _read(_ALTERNATIVE.sub("", segment), made, is_individual=is_individual)
    return made


def _read(text: str, made: Remarks, *, is_individual: bool) -> None:
    alias = _ALIAS.match(text)
    if alias:
        quality = FORMERLY if alias[1] == "f.k.a." else WEAK
        if alias[2].strip():
            made.names.append(ListName(alias[2].strip(), quality))
    elif text.startswith("DOB "):
        made.birth_dates.extend(birth_dates_of(text[4:]))
    elif text.startswith("Linked To:"):
        made.linked_to.append(text[10:].strip())
    elif nation := _NATION.match(text) or _FLAG.match(text):
        country = country_of_name(nation[1])
        if country:
            made.nations.append(country)
    elif listed := _LISTED.match(text):
        found = _as_date(listed[1])
        if found and (made.listed_on is None or found < made.listed_on):
            made.listed_on = found
    else:
        found_identifier = _identifier_in(text, is_individual=is_individual)
        if found_identifier:
            made.identifiers.append(found_identifier)


@cache
def _labels() -> dict[str, list[tuple[str, str]]]:
    """Labels by their first word, longest first."""
    by_word: dict[str, list[tuple[str, str]]] = {}
    rows = [(row["label"], row["kind"]) for row in reference.rows("ofac_remark_labels")]
    for label, kind in sorted(rows, key=lambda row: -len(row[0])):
        by_word.setdefault(label.split(" ", 1)[0], []).append((label, kind))
    return by_word


def _identifier_in(text: str, *, is_individual: bool) -> Identifier | None:
    for label, kind in _labels().get(text.split(" ", 1)[0], ()):
        if text.startswith(label) and text[len(label) : len(label) + 1] in (" ", ":"):
            return _identifier(kind, text[len(label) :].lstrip(" :"))
    generic = _GENERIC.match(text)
    if generic:
        kind = "national_id" if is_individual else "registration_number"
        return _identifier(kind, text[generic.start("value") :])
    return None


def _identifier(kind: str, value: str) -> Identifier | None:
    if kind == "crypto_address":
        crypto = _CRYPTO.match(value)
        return identifier(kind, crypto[2]) if crypto else None
    if kind == "phone":
        return identifier(kind, value)
    country = None
    if kind == "bik":
        issuer = _BIK.match(value)
        country = issuer[1] if issuer else None
        value = _BIK.sub("", value)
    value = _IN_BRACKETS.sub("", _VALIDITY.sub("", value))
    while issuer := _ISSUER.search(value):
        country = country_of_name(issuer[1]) or country
        value = value[: issuer.start()]
    return identifier(kind, value, country)


def birth_dates_of(text: str) -> list[str]:
    """Birth dates as ISO text; a range of years gives each year in it.

    >>> birth_dates_of("10 Dec 1948")
    ['1948-12-10']
    >>> birth_dates_of("circa 1961 to 1963")
    ['1961', '1962', '1963']
    """
    found = [iso for match in _DATE.finditer(text) if (iso := _iso(match))]
    years = [int(iso[:4]) for iso in found]
    is_range = len(found) == 2 and re.search(r"\bto\b|\d-\d", text) is not None
    if is_range and 0 <= years[1] - years[0] <= _MOST_BIRTH_YEARS:
        if years[0] == years[1]:
            return [f"{years[0]}"]
        return [str(year) for year in range(years[0], years[1] + 1)]
    return found


def _iso(match: re.Match[str]) -> str | None:
    day, month, year = match.groups()
    if month is None:
        return str(year)
    number = MONTHS.get(month.lower())
    if number is None:
        return str(year)
    if day is None:
        return f"{year}-{number:02d}"
    return f"{year}-{number:02d}-{int(day):02d}"


def _as_date(text: str) -> date | None:
    match = _DATE.search(text)
    iso = _iso(match) if match else None
    try:
        return date.fromisoformat(iso) if iso else None
    except ValueError:
        return None
