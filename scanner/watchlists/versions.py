"""The store of list versions: immutable folders, and one file that says which are active.

    store/<LIST>/<version>/   entries, names, identifiers, addresses, ownership as Parquet,
                              rejected.jsonl, version.json, raw/ with the files packed
    store/active.json         the active version of each list

A version is staged aside, synced and renamed into place, so that a process
killed at any moment leaves whole versions only. Nothing in a version changes
after that; `version.json` holds the hash of every file.
"""

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scanner.errors import IntegrityError, UsageError
from scanner.schema import TABLES
from scanner.watchlists.entry import Reading
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.tables import entry_tables, ownership_table

FORMAT = 1
UNDATED = "undated"
FILE_OF_TABLE = {
    "list_entries": "entries.parquet",
    "list_names": "names.parquet",
    "list_identifiers": "identifiers.parquet",
    "list_addresses": "addresses.parquet",
    "ownership": "ownership.parquet",
}


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What is known of one version of one list.

    Attributes:
        list: Such as OFAC-SDN.
        version: Date (or `undated`) and hash prefix; the name of its folder.
        version_date: Date the publisher or the file's name gives.
        modified: Day on which its newest file was last changed; used only to order versions.
        source: Files or address that it was read from.
        sha256: Over the version's unpacked files in the order of their parts.
        eo14024_count: Entries that are blocked under E.O. 14024.
        rows_read: Rows of all files; used + rejected.
        rejected_count: Rows that could not be used.
        parts: Parts that were there.
        notes: What a person should know.
        hashes: SHA-256 of every file in the version's folder.
    """

    list: str
    version: str
    version_date: date | None
    modified: date | None
    source: str
    sha256: str
    entry_count: int
    name_count: int
    identifier_count: int
    address_count: int
    rows_read: int
    rejected_count: int
    unreadable_count: int
    eo14024_count: int = 0
    parts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_active: bool = False
    hashes: Mapping[str, str] = field(default_factory=dict)

    @property
    def order_date(self) -> date:
        """Day by which versions are ordered; without any, after all others."""
        return self.version_date or self.modified or date.max


def content_sha256(files: Mapping[str, ListFile]) -> str:
    """Hash of a version: its parts in order, each with the hash of its unpacked file."""
    seen = hashlib.sha256()
    for part in sorted(files):
        seen.update(f"{part}:{files[part].sha256}\n".encode())
    return seen.hexdigest()


def modified_on(files: Mapping[str, ListFile]) -> date | None:
    """Day on which the newest of these files was last changed."""
    return max((file.modified for file in files.values() if file.modified), default=None)


def version_name(version_date: date | None, sha256: str) -> str:
    """Name of a version; readers of another format make another version of the same files."""
    mixed = hashlib.sha256(f"{FORMAT}:{sha256}".encode()).hexdigest()[:12]
    return f"{version_date.isoformat() if version_date else UNDATED}-{mixed}"


def write_version(
    store: Path,
    reading: Reading,
    files: Mapping[str, ListFile],
    *,
    version_date: date | None,
    source: str,
) -> VersionFacts:
    """Write one version, whole or not at all; an equal version that exists is kept.

    Returns:
        Its facts, not active yet.
    """
    sha256 = content_sha256(files)
    name = version_name(version_date, sha256)
    folder = store / reading.list / name
    if folder.is_dir():
        return read_facts(folder)
    staging = store / f".staging-{reading.list}-{name}"
    if staging.exists():
        shutil.rmtree(staging)
    (staging / "raw").mkdir(parents=True)
    tables = entry_tables(reading.list, reading.entries)
    tables["ownership"] = ownership_table(reading.list, reading.holdings)
    for table, rows in tables.items():
        pq.write_table(rows, staging / FILE_OF_TABLE[table], compression="zstd")
    for part, file in sorted(files.items()):
        kept = staging / "raw" / f"{part}{Path(file.name).suffix.lower()}.gz"
        kept.write_bytes(gzip.compress(file.data, compresslevel=5, mtime=0))
    with (staging / "rejected.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(asdict(row), sort_keys=True) + "\n" for row in reading.rejected)
    facts = VersionFacts(
        list=reading.list,
        version=name,
        version_date=version_date,
        modified=modified_on(files),
        source=source,
        sha256=sha256,
        entry_count=len(reading.entries),
        name_count=tables["list_names"].num_rows,
        identifier_count=tables["list_identifiers"].num_rows,
        address_count=tables["list_addresses"].num_rows,
        rows_read=reading.rows_read,
        rejected_count=len(reading.rejected),
        unreadable_count=sum(row.code == "unreadable" for row in reading.rejected),
        eo14024_count=sum(entry.measure.eo14024_blocked for entry in reading.entries),
        parts=reading.parts,
        notes=reading.notes,
        hashes={
            path.relative_to(staging).as_posix(): _sha256_of(path)
            for path in sorted(staging.rglob("*"))
            if path.is_file()
        },
    )
    (staging / "version.json").write_text(_as_json(facts), encoding="utf-8")
    _sync_all(staging)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging.rename(folder)
    _sync(folder.parent)
    return facts


def clear_staging(store: Path) -> None:
    """Remove what an update that was killed has left; nobody else may write the store now.

    Raises:
        OSError: It cannot be removed, as on a read-only disk: nothing can be written either.
    """
    for left in store.glob(".staging-*"):
        shutil.rmtree(left)


def _as_json(facts: VersionFacts) -> str:
    shown = asdict(facts)
    del shown["is_active"]
    return json.dumps(shown, indent=1, sort_keys=True, default=str) + "\n"


def read_facts(folder: Path, *, is_active: bool = False) -> VersionFacts:
    """Read the facts of one version.

    Raises:
        IntegrityError: `version.json` is missing or is not what the program writes.
    """
    path = folder / "version.json"
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        held |= {
            name: date.fromisoformat(held[name]) if held[name] else None
            for name in ("version_date", "modified")
        }
        held |= {
            "parts": tuple(held["parts"]),
            "notes": tuple(held["notes"]),
            "is_active": is_active,
        }
        return VersionFacts(**held)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            "the facts of a list version cannot be read", where=f"{path}: {error}", hint=_RELOAD
        ) from error


_RELOAD = "load the list again with `scanner lists update`"


def read_active(store: Path) -> dict[str, str]:
    """The active version of each list; empty where nothing was loaded.

    Raises:
        IntegrityError: `active.json` is not what the program writes.
    """
    path = store / "active.json"
    if not path.is_file():
        return {}
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(version) for name, version in sorted(held.items())}
    except (OSError, ValueError, AttributeError) as error:
        raise IntegrityError(
            "the note of the active lists cannot be read", where=f"{path}: {error}", hint=_RELOAD
        ) from error


def activate(store: Path, list_name: str, version: str) -> None:
    """Make a version the active one of its list; readers see the old or the new note, whole.

    Raises:
        UsageError: There is no such version.
    """
    find_version(store, list_name, version)
    active = read_active(store) | {list_name: version}
    aside = store / ".active.json.tmp"
    aside.write_text(json.dumps(active, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    _sync(aside)
    aside.replace(store / "active.json")
    _sync(store)


def versions_of(store: Path, list_name: str) -> list[VersionFacts]:
    """All versions of a list, oldest first."""
    folder = store / list_name
    active = read_active(store).get(list_name)
    if not folder.is_dir():
        return []
    found = [
        read_facts(path, is_active=path.name == active)
        for path in sorted(folder.iterdir())
        if path.is_dir() and not path.name.startswith(".")
    ]
    return sorted(found, key=lambda f: (f.order_date, f.version))


def find_version(store: Path, list_name: str, wanted: str) -> VersionFacts:
    """The version of this name, or the only one whose name starts so.

    Raises:
        UsageError: There is none, or more than one.
    """
    found = [f for f in versions_of(store, list_name) if f.version.startswith(wanted)]
    exact = [f for f in found if f.version == wanted]
    if len(exact or found) != 1:
        known = ", ".join(f.version for f in versions_of(store, list_name)) or "none"
        raise UsageError(
            f"{'no' if not found else 'more than one'} version of {list_name} is named {wanted}",
            where=str(store),
            hint=f"versions: {known}",
        )
    return (exact or found)[0]


def read_tables(store: Path, facts: VersionFacts) -> dict[str, pa.Table]:
    """The tables of one version, their hashes checked.

    Raises:
        IntegrityError: A file is missing or was changed.
    """
    folder = store / facts.list / facts.version
    return {name: _read_table(folder, name, facts) for name in FILE_OF_TABLE}


def read_column(
    store: Path, facts: VersionFacts, column: str, *, table: str = "list_entries"
) -> Sequence[Any]:
    """One column of a version's entries, or of another of its tables."""
    path = store / facts.list / facts.version / FILE_OF_TABLE[table]
    values: list[Any] = pq.read_table(path, columns=[column]).column(0).to_pylist()
    return values


def _read_table(folder: Path, name: str, facts: VersionFacts) -> pa.Table:
    path = folder / FILE_OF_TABLE[name]
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IntegrityError(
            "a file of a list version is missing", where=f"{path}: {error.strerror}", hint=_RELOAD
        ) from error
    if hashlib.sha256(data).hexdigest() != facts.hashes.get(path.name):
        raise IntegrityError(
            "a file of a list version was changed after it was loaded",
            where=str(path),
            hint=_RELOAD,
        )
    read = pq.read_table(pa.BufferReader(data))
    schema = TABLES[name].arrow_schema
    missing = [f for f in schema if f.name not in read.column_names]
    for added in missing:
        read = read.append_column(added, pa.nulls(read.num_rows, added.type))
    return read.select(schema.names).cast(schema)


def faults_of(store: Path) -> list[str]:
    """What is wrong with the store: files missing, changed or added since they were loaded."""
    found = []
    active = read_active(store)
    for list_name, version in active.items():
        if not (store / list_name / version).is_dir():
            found.append(f"{list_name}: the active version {version} is missing")
    for folder in sorted(store.glob("*/*/")):
        if folder.parent.name.startswith("."):
            continue
        try:
            facts = read_facts(folder)
        except IntegrityError as error:
            found.append(str(error).replace("\n", ": "))
            continue
        found += _faults_in(folder, facts)
    return found


def _faults_in(folder: Path, facts: VersionFacts) -> list[str]:
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "version.json"
    }
    label = f"{facts.list} {facts.version}"
    found = [f"{label}: {name} is missing" for name in sorted(set(facts.hashes) - there)]
    found += [f"{label}: {name} was added" for name in sorted(there - set(facts.hashes))]
    found += [
        f"{label}: {name} was changed"
        for name in sorted(there & set(facts.hashes))
        if _sha256_of(folder / name) != facts.hashes[name]
    ]
    return found


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_all(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
