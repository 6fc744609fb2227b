"""What changed between two versions of a list, entry by entry."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.watchlists.loading import load
from scanner.watchlists.tables import ENTRY_TABLES
from scanner.watchlists.versions import find_version, read_tables

# What the history of versions or another list tells is no change of the entry.
_FROM_HISTORY = frozenset(
    {
        "first_version",
        "last_version",
        "delisted_on",
        "subject_id",
        "listed_on",
        "listed_by",
        "listed_on_source",
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs.

    Attributes:
        kind: added, removed or changed.
        entry_id: The entry.
        entry_name: Its primary name, of the new version where it has one.
        what: Columns and tables that differ; empty for added and removed ones.
    """

    kind: str
    entry_id: str
    entry_name: str | None
    what: tuple[str, ...] = ()


def diff(store: Path, list_name: str, old: str, new: str) -> list[Change]:
    """Compare two versions of a list.

    Args:
        store: Where versions are kept.
        list_name: Such as OFAC-SDN.
        old: Name of the older version, or its first characters.
        new: Name of the newer version, or its first characters.

    Returns:
        The entries that differ, in the order of their identifiers.

    Raises:
        UsageError: There is no such version.
    """
    versions = (find_version(store, list_name, wanted) for wanted in (old, new))
    before, after = (read_tables(store, facts) for facts in versions)
    return changes_between(before, after)


def changes_between(before: Mapping[str, pa.Table], after: Mapping[str, pa.Table]) -> list[Change]:
    """Compare the tables of two versions (or of two sets of lists)."""
    old, new = _contents(before), _contents(after)
    found = []
    for entry_id in sorted(old.keys() | new.keys(), key=_by_number):
        was, now = old.get(entry_id), new.get(entry_id)
        if was == now:
            continue
        name = (now or was or {}).get("entry_name")
        if was is None or now is None:
            found.append(Change("added" if was is None else "removed", entry_id, name))
        else:
            what = sorted(k for k in was.keys() | now.keys() if was.get(k) != now.get(k))
            found.append(Change("changed", entry_id, name, tuple(what)))
    return found


def changed_entries(before: Mapping[str, pa.Table], after: Mapping[str, pa.Table]) -> list[str]:
    """Identifiers of the entries that were added, removed or changed."""
    return [change.entry_id for change in changes_between(before, after)]


def changes_since(store: Path, since: date) -> list[Change]:
    """What differs between the lists that were known on a day and those active now.

    The pipeline screens stored payments and customers against the entries named
    here, with the tables of `load(store, as_of=since)` and `load(store)`.

    Args:
        store: Where versions are kept.
        since: Day whose knowledge is compared with today's.
    """
    before, after = load(store, as_of=since), load(store)
    return changes_between(
        {name: getattr(before, name) for name in ENTRY_TABLES},
        {name: getattr(after, name) for name in ENTRY_TABLES},
    )


def _contents(tables: Mapping[str, pa.Table]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in tables["list_entries"].to_pylist():
        found[row["entry_id"]] = {k: v for k, v in row.items() if k not in _FROM_HISTORY}
    for name in ENTRY_TABLES[1:]:
        by_entry: dict[str, list[str]] = defaultdict(list)
        for row in tables[name].to_pylist():
            row.pop("ordinal", None)
            by_entry[row.pop("entry_id")].append(repr(sorted(row.items())))
        for entry_id, rows in by_entry.items():
            if entry_id in found:
                found[entry_id][name] = sorted(rows)
    return found


def _by_number(entry_id: str) -> tuple[str, int, str]:
    list_name, _, number = entry_id.rpartition(":")
    return list_name, int(number) if number.isdecimal() else 0, number
