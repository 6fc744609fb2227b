"""Rows of the canonical tables while they are gathered, and the batch made of them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.schema import TABLES

_COMMERCIAL_CODES = re.compile(r"(?<!\d)\d{4}(?:[ \n]\d{4}){2,}(?!\d)")
_NAMES = ("messages", "transactions", "parties", "texts", "rejected")


@dataclass(frozen=True)
class SourceFacts:
    """One source file and what was read from it."""

    path: Path
    sha256: str
    byte_length: int
    messages: int
    transactions: int
    rejected: int


@dataclass(frozen=True)
class Batch:
    """Rows of the canonical tables, and the source files that end with them."""

    messages: pa.Table
    transactions: pa.Table
    parties: pa.Table
    texts: pa.Table
    rejected: pa.Table
    sources: tuple[SourceFacts, ...] = ()
    excerpts: Mapping[str, bytes] = field(default_factory=dict)


@dataclass
class Rows:
    """Gathers rows of one or more messages."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    transactions: list[dict[str, Any]] = field(default_factory=list)
    parties: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    excerpts: dict[str, bytes] = field(default_factory=dict)

    def extend(self, other: "Rows") -> None:
        """Take over another gathering's rows."""
        for name in _NAMES:
            getattr(self, name).extend(getattr(other, name))
        self.excerpts |= other.excerpts

    def add_party(self, transaction_id: str, role: str, **values: Any) -> None:
        """Add a party; its ordinal counts the parties of its role in the transaction."""
        before = sum(
            p["transaction_id"] == transaction_id and p["role"] == role for p in self.parties
        )
        self.parties.append(
            {"transaction_id": transaction_id, "role": role, "ordinal": before + 1, **values}
        )

    def add_text(self, transaction_id: str, kind: str, text: str, field_path: str) -> None:
        """Add a free text, if there is any."""
        if not text.strip():
            return
        before = sum(
            t["transaction_id"] == transaction_id and t["kind"] == kind for t in self.texts
        )
        self.texts.append(
            {
                "transaction_id": transaction_id,
                "kind": kind,
                "ordinal": before + 1,
                "text": text,
                "field_path": field_path,
                "unscreened": _unscreened(text),
            }
        )

    def batch(self, sources: tuple[SourceFacts, ...] = ()) -> Batch:
        """The rows as Arrow tables in their declared schemas."""
        made = {
            name: pa.Table.from_pylist(getattr(self, name), TABLES[name].arrow_schema)
            for name in _NAMES
        }
        return Batch(**made, sources=sources, excerpts=dict(self.excerpts))


def _unscreened(text: str) -> str | None:
    """Chinese commercial codes need a code book: what they say is not read here."""
    if _COMMERCIAL_CODES.search(text):
        return "three or more groups of four digits: Chinese commercial codes are not read"
    return None


def row_id(source_sha256: str, byte_offset: int, member: str = "") -> str:
    """Identifier of a message or of a rejected piece: from content, never from a counter."""
    return hashlib.sha256(f"{source_sha256}:{member}:{byte_offset}".encode()).hexdigest()[:20]
