"""Good-guy rules: pairs that a person has cleared, with owner, reason and expiry.

A rule names the party's key and the entry; it ends on its day, and it opens
again when the entry or the party's name changes, because both are part of it.
"""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scanner.errors import UsageError
from scanner.names.parsing import name_key

COLUMNS = ("name", "entry_id", "entry_hash", "owner", "reason", "valid_to")
HASHED_COLUMNS = ("entry_id", "entry_name", "entry_type", "listed_on", "countries")


@dataclass(frozen=True)
class Suppression:
    """One rule; an empty entry_hash holds whatever the entry becomes."""

    name_key: str
    entry_id: str
    entry_hash: str
    owner: str
    reason: str
    valid_to: date


def read_suppressions(path: Path) -> list[Suppression]:
    """Read the rules of a CSV file with the columns of COLUMNS.

    Raises:
        UsageError: A column is missing or a row cannot be used.
    """
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(COLUMNS) - set(reader.fieldnames or ())
        if missing:
            raise UsageError(f"columns are missing: {', '.join(sorted(missing))}", where=str(path))
        for row in reader:
            where = f"{path}: line {reader.line_num}"
            if not (row["owner"] and row["reason"] and row["entry_id"] and row["name"]):
                raise UsageError("a rule needs name, entry, owner and reason", where=where)
            try:
                valid_to = date.fromisoformat(row["valid_to"])
            except ValueError:
                raise UsageError("a rule needs an expiry date", where=where) from None
            found.append(
                Suppression(
                    name_key(row["name"]),
                    row["entry_id"],
                    row["entry_hash"] or "",
                    row["owner"],
                    row["reason"],
                    valid_to,
                )
            )
    return found


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Hash of what a person judged of an entry; a rule holds only while it stays.

    Args:
        entry: Row of `list_entries`; the columns of HASHED_COLUMNS are read.
    """
    facts = [(name, entry.get(name)) for name in sorted(HASHED_COLUMNS)]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def suppression_of(
    hit: dict[str, Any], rules: Sequence[Suppression], entry_hash: str
) -> str | None:
    """The rule that covers a hit by name, told with its owner, reason and expiry.

    A payment whose value date is not known is covered by no rule.
    """
    if hit["match_kind"] != "name":
        return None
    key = name_key(hit["matched_text"])
    for rule in rules:
        if (
            rule.entry_id == hit["entry_id"]
            and rule.name_key == key
            and rule.entry_hash in ("", entry_hash)
            and (hit["value_date"] or date.max) <= rule.valid_to
        ):
            return f"{rule.owner}: {rule.reason} (until {rule.valid_to.isoformat()})"
    return None
