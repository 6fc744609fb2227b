"""Codes: BICs on eight characters, tax and registration numbers, LEIs, IMO numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scanner.identifiers import bic8, compact, is_imo, is_inn, is_lei, is_ogrn
from scanner.screening.index import Index

_TOKEN = re.compile(r"[A-Za-z0-9]{7,24}")
_BIC_TOKEN = re.compile(r"\b[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_IN_TEXT = frozenset({"inn", "ogrn", "lei", "imo", "tax_id", "registration_number", "bik"})
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
        self._codes: dict[str, list[dict[str, Any]]] = {}
        for row in index.codes.to_pylist():
            if row["kind"] == "bic":
                short = bic8(row["value"])
                if short:
                    self._bics.setdefault(short, []).append(row)
            elif row["kind"] in _IN_TEXT:
                self._codes.setdefault(compact(row["value"]), []).append(row)

    def of_bic(self, bic: str) -> Iterator[CodeHit]:
        """Entries with this bank's BIC; branches count as their bank."""
        for row in self._bics.get(bic8(bic) or "", []):
            yield CodeHit(row["entry_id"], row["list"], "bic", row["value"], None, bic)

    def in_text(self, text: str) -> Iterator[CodeHit]:
        """Codes that stand in a text, each with its place."""
        for found in _BIC_TOKEN.finditer(text):
            for row in self._bics.get(found[0][:8], []):
                yield CodeHit(
                    row["entry_id"], row["list"], "bic", row["value"], found.span(), found[0]
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


def _says_enough(value: str, kind: str) -> bool:
    """Whether an equal code can hardly be chance: checked digits, or many of them."""
    if kind == "imo":
        return is_imo(value)
    if kind == "bik":
        return len(value) == 9 and value.startswith("04")
    if is_inn(value) or is_ogrn(value) or is_lei(value):
        return True
    return sum(character.isdigit() for character in value) >= _LEAST_DIGITS + 1
