"""Rows of the canonical tables while they are gathered, and the batch made of them."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.schema import TABLES

_COMMERCIAL_CODES = re.compile(r"(?<!\d)\d{4}(?:[ \n]\d{4}){2,}(?!\d)")
_NAMES = ("messages", "transactions", "parties", "texts", "rejected")
# What DECIMAL(28,5), the type of an amount, can hold with room to add them up.
_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{0,5}0*)?|\.[0-9]{1,5}0*")


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
    _placed: Counter[tuple[str, str, str]] = field(default_factory=Counter, repr=False)

    def extend(self, other: "Rows") -> None:
        """Take over another gathering's rows."""
        for name in _NAMES:
            getattr(self, name).extend(getattr(other, name))
        self.excerpts |= other.excerpts

    def add_party(self, transaction_id: str, role: str, **values: Any) -> None:
        """Add a party; its ordinal counts the parties of its role in the transaction."""
        self.parties.append(
            {
                "transaction_id": transaction_id,
                "role": role,
                "ordinal": self._next("party", transaction_id, role),
                **values,
            }
        )

    def add_text(self, transaction_id: str, kind: str, text: str, field_path: str) -> None:
        """Add a free text, if there is any."""
        if not text.strip():
            return
        self.texts.append(
            {
                "transaction_id": transaction_id,
                "kind": kind,
                "ordinal": self._next("text", transaction_id, kind),
                "text": text,
                "field_path": field_path,
                "unscreened": unscreened_reason(text),
            }
        )

    def _next(self, table: str, transaction_id: str, name: str) -> int:
        self._placed[table, transaction_id, name] += 1
        return self._placed[table, transaction_id, name]

    def batch(self, sources: tuple[SourceFacts, ...] = ()) -> Batch:
        """The rows as Arrow tables in their declared schemas."""
        made = {
            name: pa.Table.from_pylist(getattr(self, name), TABLES[name].arrow_schema)
            for name in _NAMES
        }
        return Batch(**made, sources=sources, excerpts=dict(self.excerpts))


def add_end(party: Mapping[str, Any], transaction: dict[str, Any]) -> None:
    """Put what a party is into a transaction, if it is one of its ends or the bank of one."""
    role = party["role"]
    if role in ("debtor", "creditor"):
        transaction[f"{role}_name"] = party.get("name") or party.get("bic")
        transaction[f"{role}_country"] = party.get("country")
        transaction[f"{role}_account"] = party.get("account")
    elif role in ("debtor_agent", "creditor_agent"):
        transaction[f"{role}_bic"] = party.get("bic")


def unscreened_reason(text: str) -> str | None:
    """Chinese commercial codes need a code book: what they say is not read here."""
    if _COMMERCIAL_CODES.search(text):
        return "three or more groups of four digits: Chinese commercial codes are not read"
    return None


def exact_amount(text: str) -> Decimal | None:
    """An amount with a point for the decimals; None if it is none or the tables cannot hold it."""
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def row_id(source_sha256: str, byte_offset: int, member: str = "") -> str:
    """Identifier of a message or of a rejected piece: from content, never from a counter."""
    told = f"{row_id_start(source_sha256, member)}{byte_offset}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def row_id_start(source_sha256: str, member: str = "") -> str:
    """What an identifier is the hash of, up to the offset."""
    return f"{source_sha256}:{member}:"
