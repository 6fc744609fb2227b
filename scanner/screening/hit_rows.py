"""Rows of `hits`: a finding, the transaction that shows it and what is known of the entry."""

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.schema import TABLES
from scanner.screening.findings import Finding
from scanner.screening.index import Index
from scanner.screening.suppressions import entry_hash, read_suppressions, suppression_of
from scanner.warehouse import Warehouse


class EntryFacts:
    """Facts on entries that a hit carries along."""

    def __init__(self, warehouse: Warehouse, index: Index) -> None:
        self._entries = {
            row["entry_id"]: row
            for row in warehouse.arrow(
                "SELECT entry_id, entry_name, entry_type, listed_on, listed_by, countries"
                " FROM list_entries"
            ).to_pylist()
        }
        self._versions = dict(
            warehouse.rows("SELECT list, max(version) FROM list_versions GROUP BY list")
        )
        self._names = index.names.select(
            ["entry_id", "list", "name", "entry_name", "entry_type", "countries"]
        )
        self._listed: dict[int, dict[str, Any]] = {}

    def listed(self, place: int) -> dict[str, Any]:
        """A listed name by its position, read when it is first met."""
        row = self._listed.get(place)
        if row is None:
            row = self._listed[place] = self._names.slice(place, 1).to_pylist()[0]
        return row

    def content_hash(self, entry_id: str) -> str:
        """Changes when the entry does; a suppression holds only while it stays."""
        return entry_hash(self._entries.get(entry_id, {}))

    def common(self, list_: str, entry_id: str, value_date: date | None) -> dict[str, Any]:
        """Columns of a hit that the entry decides."""
        entry = self._entries.get(entry_id, {})
        listed_on = entry.get("listed_on")
        known = _known_on(value_date, listed_on, entry.get("listed_by"))
        return {
            "list": list_,
            "list_version": self._versions.get(list_, "none"),
            "entry_id": entry_id,
            "entry_name": entry.get("entry_name"),
            "listed_on": listed_on,
            "known_on_payment_date": known,
        }


def _known_on(
    value_date: date | None, listed_on: date | None, listed_by: date | None
) -> bool | None:
    """Whether an entry was listed on a day; None between its earliest and latest listing day."""
    if value_date is None or listed_on is None:
        return None
    if value_date < listed_on:
        return False
    return True if value_date >= (listed_by or listed_on) else None


def hit_row(row: dict[str, Any], finding: Finding, facts: EntryFacts) -> dict[str, Any]:
    """One hit: `row` is the party or the text of a transaction that shows it."""
    key = "|".join(
        str(part)
        for part in (
            row["transaction_id"],
            row.get("role"),
            row["field_path"],
            finding.entry_id,
            finding.kind,
            finding.span,
        )
    )
    made = facts.common(finding.list, finding.entry_id, row["value_date"])
    return {
        **made,
        "value_date": row["value_date"],
        "entry_name": made["entry_name"] or finding.entry_name,
        "hit_id": hashlib.sha256(key.encode()).hexdigest()[:20],
        "transaction_id": row["transaction_id"],
        "role": row.get("role"),
        "text_kind": row.get("kind"),
        "field_path": row["field_path"],
        "matched_text": finding.text,
        "span": list(finding.span) if finding.span else None,
        "matched_name": finding.matched_name,
        "match_kind": finding.kind,
        "score": round(finding.score, 6),
        "rank_key": round(finding.margin, 6),
        "because": finding.because,
    }


def hit_table(
    rows: Iterable[dict[str, Any]], facts: EntryFacts, suppressions: Path | None
) -> pa.Table:
    """The hits as `hits` has them, each with the good-guy rule that covers it."""
    rules = read_suppressions(suppressions) if suppressions else []
    made = []
    for row in rows:
        suppression = suppression_of(row, rules, facts.content_hash(row["entry_id"]))
        made.append({**row, "suppression": suppression, "is_suppressed": suppression is not None})
        del made[-1]["value_date"]  # only the rules ask for it
    return pa.Table.from_pylist(made, TABLES["hits"].arrow_schema)
