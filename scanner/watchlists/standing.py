"""Questions about the store of lists: what is active, how old, since when, unharmed?"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scanner.errors import UsageError
from scanner.watchlists.versions import (
    VersionFacts,
    faults_of,
    read_active,
    read_facts,
    versions_of,
)


@dataclass(frozen=True, slots=True)
class Status:
    """The active version of one list and its age in days; None = of unknown age."""

    list: str
    version: str
    version_date: date | None
    entry_count: int
    name_count: int
    rejected_count: int
    age_days: int | None
    notes: tuple[str, ...]


def status(store: Path, today: date) -> list[Status]:
    """The active version of each list, in the order of their names."""
    found = []
    for name, version in read_active(store).items():
        facts = read_facts(store / name / version, is_active=True)
        dated = facts.version_date
        found.append(
            Status(
                list=name,
                version=version,
                version_date=dated,
                entry_count=facts.entry_count,
                name_count=facts.name_count,
                rejected_count=facts.rejected_count,
                age_days=(today - dated).days if dated else None,
                notes=facts.notes,
            )
        )
    return found


def history(store: Path, list_name: str) -> list[VersionFacts]:
    """All versions of a list, oldest first.

    Raises:
        UsageError: The list was never loaded.
    """
    found = versions_of(store, list_name)
    if not found:
        known = ", ".join(read_active(store)) or "none"
        raise UsageError(
            f"list {list_name} was never loaded", where=str(store), hint=f"lists: {known}"
        )
    return found


def verify(store: Path) -> list[str]:
    """What is wrong with the store; empty where every file is as it was loaded."""
    return faults_of(store)
