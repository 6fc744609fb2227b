"""Countries by whatever names them: code, name, bank code, clearing code, address text.

Pure lookups over `reference/countries.csv` and `reference/clearing_systems.csv`.
"""

import re
import unicodedata
from functools import cache

from scanner import reference

_WORD = re.compile(r"[A-Z']+")
_TRAILING_CODE = re.compile(r"(?:^|[\s,/(-])([A-Z]{2})\)?\.?$")


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in reference.rows("countries"):
        for name in (row["name"], row["iso3"], *row["aliases"].split(";")):
            if name:
                found[_key(name)] = row["iso2"]
    return found


@cache
def _codes() -> frozenset[str]:
    return frozenset(row["iso2"] for row in reference.rows("countries"))


@cache
def _clearing() -> dict[str, str]:
    return {row["prefix"]: row["iso2"] for row in reference.rows("clearing_systems")}


def _key(text: str) -> str:
    if not text.isascii():
        # "Türkiye" and "Côte d'Ivoire" are the names without their marks; the two letters are the
        # dotless i and the curly apostrophe.
        plain = text.replace("\u0131", "i").replace("\u2019", "'")
        marked = unicodedata.normalize("NFKD", plain)
        text = "".join(c for c in marked if not unicodedata.combining(c))
    return " ".join(_WORD.findall(text.upper()))


def is_country(code: str) -> bool:
    """Whether it is an ISO 3166 alpha-2 code (XK, in use for Kosovo, included)."""
    return code in _codes()


def country_of_name(text: str | None) -> str | None:
    """ISO 3166 alpha-2 of a country's name, alias, or three-letter code."""
    if not text:
        return None
    value = text.strip().upper()
    if len(value) == 2 and value in _codes():
        return value
    return _countries().get(_key(value))


def country_of_clearing_code(code: str | None) -> str | None:
    """Country of a national clearing code with its prefix, such as RU044525225 or FW021000021."""
    if not code or len(code) < 2:
        return None
    return _clearing().get(code[:2])


def country_of_last_line(line: str) -> str | None:
    """Country at the end of an address's last line: a name of up to four words, or a code."""
    words = _key(line).split()
    for count in range(min(4, len(words)), 0, -1):
        found = _countries().get(" ".join(words[-count:]))
        if found:
            return found
    code = _TRAILING_CODE.search(line.strip().upper())
    return code[1] if code and code[1] in _codes() else None
