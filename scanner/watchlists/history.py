"""What the versions of a list tell about when an entry came and went.

An entry is followed through the versions before and after the one in use, as
long as it stands in each of them: an entry that was removed and listed again
counts from its return. Where the list gives no date itself, an entry was listed
after the last version without it (`listed_on`, the earliest day) and not later
than the first version with it (`listed_by`). A payment between the two may or
may not have been made to a listed person, and nobody should claim either.
"""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.watchlists.versions import VersionFacts, read_column


def dated_entries(
    store: Path, entries: pa.Table, used: VersionFacts, versions: Sequence[VersionFacts]
) -> pa.Table:
    """Fill the columns of `list_entries` that only the history of versions tells.

    Args:
        store: Where versions are kept.
        entries: The entries of the version in use.
        used: That version.
        versions: All versions of the list, in the order of time.
    """
    at = [f.version for f in versions].index(used.version)
    before, after = list(versions[:at]), list(versions[at + 1 :])
    ids: list[str] = entries["entry_id"].to_pylist()
    held = {f.version: set(read_column(store, f, "entry_id")) for f in (*before, *after)}
    first = _last_standing(ids, [used, *reversed(before)], held)
    last = _last_standing(ids, [used, *after], held)
    gone_on = {
        version.version: later.version_date for version, later in itertools.pairwise(versions)
    }
    columns: dict[str, list[Any]] = {
        "first_version": [f.version for f in first],
        "last_version": [f.version for f in last],
        "delisted_on": [gone_on.get(f.version) for f in last],
    }
    listed_on: list[date | None] = entries["listed_on"].to_pylist()
    sources: list[str | None] = entries["listed_on_source"].to_pylist()
    listed_by = list(listed_on)
    day_after = _days_after_the_version_before(versions)
    for row, version in enumerate(first):
        if listed_on[row] is not None:
            continue
        listed_by[row] = version.version_date
        earliest = day_after.get(version.version)
        if earliest:
            listed_on[row], sources[row] = earliest, "snapshots"
    columns |= {"listed_on": listed_on, "listed_by": listed_by, "listed_on_source": sources}
    for name, values in columns.items():
        field = entries.schema.field(name)
        position = entries.schema.get_field_index(name)
        entries = entries.set_column(position, field, pa.array(values, field.type))
    return entries


def _days_after_the_version_before(versions: Sequence[VersionFacts]) -> dict[str, date]:
    """For each version the day after the last dated version before it."""
    found: dict[str, date] = {}
    before: date | None = None
    for version in versions:
        if before and version.version_date and before < version.version_date:
            found[version.version] = before + timedelta(days=1)
        before = version.version_date or before
    return found


def _last_standing(
    ids: Sequence[str], versions: Sequence[VersionFacts], held: dict[str, set[str]]
) -> list[VersionFacts]:
    """For each entry the last of these versions up to which it stands in every one."""
    found = [versions[0]] * len(ids)
    standing = range(len(ids))
    for version in versions[1:]:
        there = held[version.version]
        standing_now = [row for row in standing if ids[row] in there]
        for row in standing_now:
            found[row] = version
        standing = standing_now  # type: ignore[assignment]
    return found
