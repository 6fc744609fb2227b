"""Codes: BICs on eight characters, IBANs' banks, checked numbers, web sites, e-mail addresses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from scanner.identifiers import bic8, compact, is_iban, is_imo, is_inn, is_lei, is_ogrn
from scanner.screening.index import Index

_TOKEN = re.compile(r"[A-Za-z0-9]{7,64}")
# Messages have no sign for "at": banks write (AT), and some leave blanks around it.
_AT = r"(?:@|\s?\(AT\)\s?)"
_HOST = r"(?:[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?\.){1,4}[A-Z]{2,18}"
_WEB = re.compile(rf"(?:[A-Z0-9._+-]{{1,64}}{_AT})?{_HOST}", re.IGNORECASE)
_MAILBOX = re.compile(_AT, re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z]{4}")
_BIC_TOKEN = re.compile(r"\b[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_IN_TEXT = frozenset(
    {"inn", "ogrn", "lei", "imo", "tax_id", "registration_number", "bik", "national_id", "passport",
     "mmsi", "crypto_address"}
)  # fmt: skip
_LEAST_DIGITS = 7


@dataclass(frozen=True)
class CodeHit:
    """One code found: the entry's identifier, and where it stands in the text."""

    entry_id: str
    list: str
    kind: str
    value: str
    span: tuple[int, int] | None
    text: str


class CodeBook:
    """The codes of the lists, by value."""

    def __init__(self, index: Index) -> None:
        self._bics: dict[str, list[dict[str, Any]]] = {}
        self._banks: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._codes: dict[str, list[dict[str, Any]]] = {}
        self._web: dict[str, list[dict[str, Any]]] = {}
        for row in index.codes.to_pylist():
            if row["kind"] == "bic":
                short = bic8(row["value"])
                if short:
                    self._bics.setdefault(short, []).append(row)
                    self._banks.setdefault((short[:4], short[4:6]), []).append(row)
            elif row["kind"] in {"website", "email"}:
                self._web.setdefault(_web_name(row["value"]), []).append(row)
            elif row["kind"] in _IN_TEXT:
                self._codes.setdefault(compact(row["value"]), []).append(row)

    def of_bic(self, bic: str) -> Iterator[CodeHit]:
        """Entries with this bank's BIC; branches count as their bank."""
        for row in self._bics.get(bic8(bic) or "", []):
            yield CodeHit(row["entry_id"], row["list"], "bic", row["value"], None, bic)

    def of_iban(self, account: str) -> Iterator[CodeHit]:
        """Entries that are the bank of an IBAN, by its bank code (ISO 13616)."""
        known = bank_of_iban(account)
        if known is None:
            return
        country, letters, bic = known
        rows = self._bics.get(bic, []) if bic else []
        if not rows and letters:
            rows = self._banks.get((letters, country), [])
        for row in rows:
            yield CodeHit(row["entry_id"], row["list"], "iban_bank", row["value"], None, account)

    def in_text(self, text: str) -> Iterator[CodeHit]:
        """Codes that stand in a text, each with its place."""
        for found in _BIC_TOKEN.finditer(text):
            for row in self._bics.get(found[0][:8], []):
                yield CodeHit(
                    row["entry_id"], row["list"], "bic", row["value"], found.span(), found[0]
                )
        for found in _WEB.finditer(text) if "." in text else ():
            for row in self._of_web(found[0]):
                yield CodeHit(
                    row["entry_id"], row["list"], row["kind"], row["value"], found.span(), found[0]
                )
        for found in _TOKEN.finditer(text):
            value = found[0].upper()
            for row in self._codes.get(value, []):
                if _says_enough(value, row["kind"]):
                    yield CodeHit(
                        row["entry_id"],
                        row["list"],
                        row["kind"],
                        row["value"],
                        found.span(),
                        found[0],
                    )

    def texts_with_marks(self, texts: Sequence[str]) -> list[str]:
        """Of distinct texts those in which a code may stand: `in_text` finds none in the others."""
        asked = pl.Series(texts, dtype=pl.String)
        tokens = pl.DataFrame({"text": asked, "token": asked.str.extract_all(_TOKEN.pattern)})
        token = pl.col("token").str.to_uppercase()
        marked = tokens.explode("token").filter(
            token.is_in([*self._codes]) | token.str.slice(0, 8).is_in([*self._bics])
        )
        has_web = asked.str.contains(".", literal=True) if self._web else False
        return asked.filter(asked.is_in(marked["text"].implode()) | has_web).to_list()

    def _of_web(self, found: str) -> list[dict[str, Any]]:
        """Entries with this e-mail address, or with the site that it or the host belongs to."""
        name = _web_name(found)
        if "@" not in name:
            return self._web.get(name, [])
        return self._web.get(name, []) or self._web.get(name.partition("@")[2], [])


def marks_of(kind: str, value: str) -> list[tuple[str, str]]:
    """What a text has that holds a listed identifier: nothing else need be looked through.

    Returns:
        `bic8`, `token` (upper case) or `host` (lower case), and the mark; none of a kind that
        no text is searched for.
    """
    if kind == "bic":
        short = bic8(value)
        return [("bic8", short)] if short else []
    if kind in {"website", "email"}:
        return [("host", _web_name(value).rpartition("@")[2])]
    return [("token", compact(value))] if kind in _IN_TEXT else []


def _web_name(text: str) -> str:
    """An e-mail address or a site's host as one spelling."""
    made = _MAILBOX.sub("@", text.strip()).casefold()
    made = re.sub(r"^https?://", "", made).partition("/")[0]
    return made.removeprefix("www.").rstrip(".")


@lru_cache(maxsize=1 << 16)
def bank_of_iban(account: str) -> tuple[str, str | None, str | None] | None:
    """Country, the four letters of the bank where the IBAN has them, and the bank's BIC8.

    None where the account is no valid IBAN.
    """
    value = compact(account)
    if not is_iban(value):
        return None
    letters = value[4:8] if _LETTERS.fullmatch(value[4:8]) else None
    try:
        bic = IBAN(value, allow_invalid=True).bic
    except SchwiftyException:
        bic = None
    return value[:2], letters, bic8(str(bic)) if bic else None


def _says_enough(value: str, kind: str) -> bool:
    """Whether an equal code can hardly be chance: checked digits, or many of them."""
    if kind == "imo":
        return is_imo(value)
    if kind == "bik":
        return len(value) == 9 and value.startswith("04")
    if is_inn(value) or is_ogrn(value) or is_lei(value):
        return True
    return sum(character.isdigit() for character in value) >= _LEAST_DIGITS + 1
