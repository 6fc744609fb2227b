"""Gives the lists to a run: today's, or those that were known on another day.

As of a day, a list is its newest version dated on or before that day. Where
there is none, its oldest version stands in, without the entries that are
known to be listed later: what cannot be dated stays, because leaving it out
would clear a payment on ignorance.

Archives often hold OFAC's primary file alone. A version that lacks the files of
aliases and addresses borrows them, for the entries of its day, from the nearest
later version that has them, else from the nearest earlier one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from scanner.errors import IntegrityError
from scanner.manifest import digest
from scanner.schema import TABLES
from scanner.watchlists.history import dated_entries
from scanner.watchlists.identity import with_subjects
from scanner.watchlists.tables import ENTRY_TABLES
from scanner.watchlists.versions import (
    VersionFacts,
    read_active,
    read_column,
    read_tables,
    versions_of,
)

# Parts of a list that may lie in files of their own, and the tables that they fill.
BORROWED = {"alternate": "list_names", "address": "list_addresses"}


@dataclass(frozen=True)
class ListTables:
    """The lists as tables of `scanner/schema`.

    Attributes:
        sha256: Hash of the versions, their history included: part of a run's key.
        live: The active version of each list; as of a day, an earlier one may be used.
    """

    list_versions: pa.Table
    list_entries: pa.Table
    list_names: pa.Table
    list_identifiers: pa.Table
    list_addresses: pa.Table
    ownership: pa.Table
    sha256: str
    live: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The version of a list that is used, and all its versions in the order of time."""

    facts: VersionFacts
    versions: tuple[VersionFacts, ...]
    stands_in: bool = False


def load(
    store: Path,
    *,
    as_of: date | None = None,
    instead: Mapping[str, str] | None = None,
    only: Mapping[str, str] | None = None,
) -> ListTables:
    """Load the lists.

    Versions that are newer than the active one are not live and are not looked at.

    Args:
        store: Where versions are kept.
        as_of: Day whose knowledge is wanted; None = the active versions.
        instead: Versions, by list, that stand in for the active ones: what would be if they
            went live.
        only: Versions, by list, that are taken for all that is live: what once was.

    Raises:
        IntegrityError: No list was loaded, or a file was changed since.
    """
    live = dict(only) if only is not None else {**read_active(store), **(instead or {})}
    chosen = _chosen_versions(store, live, as_of)
    parts: dict[str, list[pa.Table]] = {name: [] for name in (*ENTRY_TABLES, "ownership")}
    for one in chosen:
        for name, rows in _tables(store, one, as_of).items():
            parts[name].append(rows)
    tables = {name: pa.concat_tables(rows).combine_chunks() for name, rows in parts.items()}
    tables["list_entries"] = with_subjects(
        tables["list_entries"], tables["list_names"], tables["list_identifiers"]
    )
    return ListTables(
        list_versions=_list_versions([one.facts for one in chosen]),
        **tables,
        live=live,
        sha256=_hash_of(chosen, as_of),
    )


def hash_of(store: Path, *, only: Mapping[str, str]) -> str:
    """The hash that `load` would give these versions, without reading their tables.

    Args:
        store: Where versions are kept.
        only: The version of each list.

    Raises:
        IntegrityError: No list is named, or a version is not there.
    """
    return _hash_of(_chosen_versions(store, only, None), None)


def names_of(store: Path, versions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Entry and name of each listed name that the versions themselves hold.

    Raises:
        IntegrityError: A version is not there, or was changed.
    """
    for one in _chosen_versions(store, versions, None):
        ids = read_column(store, one.facts, "entry_id", table="list_names")
        yield from zip(ids, read_column(store, one.facts, "name", table="list_names"), strict=True)


def _chosen_versions(store: Path, live: Mapping[str, str], as_of: date | None) -> list[Chosen]:
    chosen = [_chosen(store, name, version, as_of) for name, version in sorted(live.items())]
    if not chosen:
        raise IntegrityError(
            "no list is loaded",
            where=str(store),
            hint="run `scanner lists update --from DIR` first",
        )
    return chosen


def _hash_of(chosen: Sequence[Chosen], as_of: date | None) -> str:
    return digest(
        [
            [
                one.facts.list,
                one.facts.version,
                [f.version for f in one.versions],
                # A version that stands in holds other entries on another day.
                *([str(as_of)] if one.stands_in else []),
            ]
            for one in chosen
        ]
    )


def versions_known_on(store: Path, days: Iterable[date]) -> dict[date, tuple[str, ...]]:
    """The versions that `load` would choose for each day, without reading them.

    Returns:
        By day, one word for each list: days with equal words know the same.
    """
    stores = {
        name: _live_versions(store, name, version)
        for name, version in sorted(read_active(store).items())
    }
    found: dict[date, tuple[str, ...]] = {}
    for day in sorted(set(days)):
        chosen = {
            name: _chosen_of(versions, active, day) for name, (active, versions) in stores.items()
        }
        found[day] = tuple(
            f"{name} {one.facts.version}{' stands in' if one.stands_in else ''}"
            for name, one in chosen.items()
        )
    return found


def _chosen(store: Path, list_name: str, active: str, as_of: date | None) -> Chosen:
    facts, versions = _live_versions(store, list_name, active)
    return _chosen_of(versions, facts, as_of)


def _live_versions(
    store: Path, list_name: str, active: str
) -> tuple[VersionFacts, tuple[VersionFacts, ...]]:
    """The active version, and all up to it: newer ones are not live and are not looked at."""
    versions = versions_of(store, list_name)
    by_name = {facts.version: facts for facts in versions}
    if active not in by_name:
        raise IntegrityError(
            f"the active version of {list_name} is missing",
            where=str(store / list_name / active),
            hint="load the list again with `scanner lists update`",
        )
    return by_name[active], tuple(versions[: versions.index(by_name[active]) + 1])


def _chosen_of(
    versions: tuple[VersionFacts, ...], active: VersionFacts, as_of: date | None
) -> Chosen:
    if as_of is None:
        return Chosen(active, versions)
    known = [f for f in versions if f.version_date and f.version_date <= as_of]
    if not known:
        return Chosen(versions[0], versions, stands_in=True)
    newest = known[-1].version_date
    # Of several versions of one day the active one counts, else the one that holds most names.
    same_day = [f for f in known if f.version_date == newest]
    best = max(same_day, key=lambda f: (f.version == active.version, f.name_count, f.version))
    return Chosen(best, versions)


def _tables(store: Path, chosen: Chosen, as_of: date | None) -> dict[str, pa.Table]:
    tables = read_tables(store, chosen.facts)
    tables["list_entries"] = dated_entries(
        store, tables["list_entries"], chosen.facts, chosen.versions
    )
    for part, name in BORROWED.items():
        lender = _lender(chosen, part)
        if lender:
            tables[name] = _with_borrowed(store, tables, name, lender)
    if chosen.stands_in and as_of is not None:
        return _without_later(tables, as_of)
    return tables


def _lender(chosen: Chosen, part: str) -> VersionFacts | None:
    """The nearest version that has a part which the chosen one lacks; None if it needs none."""
    if not chosen.facts.parts or part in chosen.facts.parts:
        return None
    at = chosen.versions.index(chosen.facts)
    nearest = [*chosen.versions[at + 1 :], *reversed(chosen.versions[:at])]
    return next((facts for facts in nearest if part in facts.parts), None)


def _with_borrowed(
    store: Path, tables: dict[str, pa.Table], name: str, lender: VersionFacts
) -> pa.Table:
    lent = read_tables(store, lender)[name]
    key = "name" if name == "list_names" else "ordinal"
    held = set(
        zip(tables[name]["entry_id"].to_pylist(), tables[name][key].to_pylist(), strict=True)
    )
    ids = tables["list_entries"]["entry_id"].combine_chunks()
    lent = lent.filter(pc.is_in(lent["entry_id"], value_set=ids))
    pairs = zip(lent["entry_id"].to_pylist(), lent[key].to_pylist(), strict=True)
    is_new = pa.array([pair not in held for pair in pairs], pa.bool_())
    return pa.concat_tables([tables[name], lent.filter(is_new)])


def _without_later(tables: dict[str, pa.Table], as_of: date) -> dict[str, pa.Table]:
    listed_on = tables["list_entries"]["listed_on"]
    is_later = pc.fill_null(pc.greater(listed_on, pa.scalar(as_of, pa.date32())), False)
    kept = tables["list_entries"].filter(pc.invert(is_later))
    ids = kept["entry_id"].combine_chunks()
    filtered = {
        name: tables[name].filter(pc.is_in(tables[name]["entry_id"], value_set=ids))
        for name in ENTRY_TABLES
    }
    return {**filtered, "ownership": tables["ownership"]}


def _list_versions(facts: list[VersionFacts]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "list": f.list,
                "version": f.version,
                "version_date": f.version_date,
                "source": f.source,
                "sha256": f.sha256,
                "entry_count": f.entry_count,
                "name_count": f.name_count,
                "rejected_count": f.rejected_count,
                "is_active": True,
            }
            for f in facts
        ],
        schema=TABLES["list_versions"].arrow_schema,
    )
