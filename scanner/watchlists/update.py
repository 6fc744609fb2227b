"""Takes list files in: recognised, read, judged, stored, made active.

Each list stands alone: one that is refused leaves its active version as it
was, the others are taken in, and the refusal is raised at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from scanner.errors import IntegrityError, UsageError
from scanner.watchlists.entry import UNREADABLE, Reading
from scanner.watchlists.layouts import Layout, is_named_like_a_list, recognise
from scanner.watchlists.list_files import ListFile, find_list_files, refuse_unusable
from scanner.watchlists.versions import (
    VersionFacts,
    activate,
    clear_staging,
    content_sha256,
    modified_on,
    read_active,
    read_facts,
    versions_of,
    write_version,
)

_LIST_SUFFIXES = (".csv", ".xml", ".json", ".jsonl", ".ndjson", ".del")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a new version must keep to.

    Attributes:
        max_shrink_share: Largest share of entries that may go from one version to the next.
        max_unreadable_share: Largest share of rows that may be unreadable.
        min_entries: Least entries of a list by its name; one where nothing is said.
    """

    max_shrink_share: float = 0.1
    max_unreadable_share: float = 0.01
    min_entries: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of one version of one list."""

    list: str
    layout: Layout
    dated: date | None
    files: Mapping[str, ListFile]

    @property
    def source(self) -> str:
        """Names of its files."""
        return ", ".join(self.files[part].name for part in sorted(self.files))

    @property
    def where(self) -> str:
        """Places of its files, for messages."""
        return ", ".join(self.files[part].where for part in sorted(self.files))


def update(
    source: Path,
    store: Path,
    *,
    limits: Limits | None = None,
    loaded_on: date | None = None,
    go_live: bool = True,
) -> list[VersionFacts]:
    """Read the list files found in a folder and make the newest version of each list active.

    Args:
        source: Folder with the publishers' files, as they are or packed; or one file.
        store: Where versions are kept.
        limits: What a new version must keep to.
        loaded_on: Date of files that give none.
        go_live: False keeps the versions without making them active, so that their impact can
            be seen first; `activate` makes one active later.

    Returns:
        Facts on each version, in the order of lists and dates.

    Raises:
        UsageError: There is no list file.
        IntegrityError: A list was refused; its active version stays, other lists are taken in.
    """
    return take_in(
        find_list_files(source),
        store,
        limits=limits,
        loaded_on=loaded_on,
        source=str(source),
        go_live=go_live,
    )


def take_in(
    files: Iterable[ListFile],
    store: Path,
    *,
    limits: Limits | None = None,
    loaded_on: date | None = None,
    source: str = "",
    go_live: bool = True,
) -> list[VersionFacts]:
    """As `update`, for files that are already open."""
    clear_staging(store)
    refusals: list[IntegrityError] = []
    taken: list[VersionFacts] = []
    bundles = _bundled(files, loaded_on, refusals)
    if not bundles and not refusals:
        raise UsageError(
            "no list file was found",
            where=source,
            hint="give a folder with files such as SDN.CSV, ALT.CSV and ADD.CSV",
        )
    for bundle in bundles:
        try:
            taken.append(_take(bundle, store, limits or Limits(), go_live=go_live))
        except IntegrityError as error:
            refusals.append(error)
    if refusals:
        raise _refused(refusals, taken)
    active = read_active(store)
    return [replace(facts, is_active=active.get(facts.list) == facts.version) for facts in taken]


def _bundled(
    files: Iterable[ListFile], loaded_on: date | None, refusals: list[IntegrityError]
) -> list[Bundle]:
    groups: dict[tuple[str, str, str, date | None], dict[str, ListFile]] = {}
    layouts: dict[str, Layout] = {}
    for file in files:
        try:
            found = _recognised(file)
            if found is None:
                continue
            layout, list_name, part = found
            layouts[layout.name] = layout
            parts = groups.setdefault((list_name, file.group, layout.name, file.dated), {})
            held = parts.get(part)
            if held and held.sha256 != file.sha256:
                raise IntegrityError(
                    f"two files stand for the {part} part of {list_name}",
                    where=f"{held.where}, {file.where}",
                    hint="keep one of them in the folder",
                )
            parts.setdefault(part, file)
        except IntegrityError as error:
            refusals.append(error)
    _join_undated_parts(groups)
    bundles = [
        Bundle(list_name, layouts[layout], dated or loaded_on, parts)
        for (list_name, _, layout, dated), parts in groups.items()
    ]
    return _richest(bundles)


def _recognised(file: ListFile) -> tuple[Layout, str, str] | None:
    is_like_a_list = file.is_named or is_named_like_a_list(file)
    if is_like_a_list or file.name.lower().endswith(_LIST_SUFFIXES):
        refuse_unusable(file)
    found = recognise(file)
    if found is None and is_like_a_list:
        raise IntegrityError(
            "the file should be a list, but has the layout of none",
            where=file.where,
            hint="fetch the file again; a file cut off in its first rows looks like this",
        )
    return found


def _join_undated_parts(
    groups: dict[tuple[str, str, str, date | None], dict[str, ListFile]],
) -> None:
    """Give parts without their primary file to the only primary file that lies beside them."""
    for key in [k for k, parts in groups.items() if len(parts) and "primary" not in parts]:
        beside = [
            k for k, parts in groups.items() if k[:3] == key[:3] and k != key and "primary" in parts
        ]
        if len(beside) == 1 and not set(groups[beside[0]]) & set(groups[key]):
            groups[beside[0]] |= groups.pop(key)


def _richest(bundles: Sequence[Bundle]) -> list[Bundle]:
    best: dict[tuple[str, date | None, str], Bundle] = {}
    for bundle in bundles:
        group = next(iter(bundle.files.values())).group
        key = (bundle.list, bundle.dated, group)
        if key not in best or best[key].layout.richness < bundle.layout.richness:
            best[key] = bundle
    return sorted(
        best.values(), key=lambda b: (b.list, b.dated or date.max, b.source, b.layout.name)
    )


def _take(bundle: Bundle, store: Path, limits: Limits, *, go_live: bool) -> VersionFacts:
    reading = bundle.layout.read(bundle.list, bundle.files)
    dated = reading.published_on or bundle.dated
    order = dated or modified_on(bundle.files) or date.max
    name = read_active(store).get(bundle.list)
    active = read_facts(store / bundle.list / name, is_active=True) if name else None
    older = [f for f in versions_of(store, bundle.list) if f.order_date <= order]
    is_same = active is not None and active.sha256 == content_sha256(bundle.files)
    # The active files again, now with their date, take the place of the undated version.
    becomes_active = (
        active is None or order >= active.order_date or (is_same and active.version_date is None)
    )
    lacking = sorted(set(active.parts) - set(reading.parts)) if active else []
    if lacking and active and order == active.order_date:
        # A poorer copy of the same day is kept as history.
        becomes_active = False
    _judge(reading, bundle, older[-1] if older else None, limits)
    if becomes_active and lacking and bundle.layout.has_parts:
        raise IntegrityError(
            f"{reading.list} lacks the {' and '.join(lacking)} part that its active version has",
            where=bundle.where,
            hint="put all files of the list into the folder",
        )
    facts = write_version(store, reading, bundle.files, version_date=dated, source=bundle.source)
    if becomes_active and go_live:
        activate(store, facts.list, facts.version)
    return facts


def _judge(
    reading: Reading,
    bundle: Bundle,
    earlier: VersionFacts | None,
    limits: Limits,
) -> None:
    count = len(reading.entries)
    least = max(1, limits.min_entries.get(reading.list, 1))
    if count < least:
        raise IntegrityError(
            f"{reading.list} has {count} entries, expected at least {least}",
            where=bundle.where,
            hint="fetch the file again",
        )
    unreadable = sum(row.code == UNREADABLE for row in reading.rejected)
    if unreadable > limits.max_unreadable_share * max(1, reading.rows_read):
        first = next(row for row in reading.rejected if row.code == UNREADABLE)
        raise IntegrityError(
            f"{unreadable} of {reading.rows_read} rows of {reading.list} cannot be read",
            where=f"{first.file}: row {first.row}: {first.reason}",
            hint="fetch the file again",
        )
    if earlier is None:
        return
    if count < earlier.entry_count * (1 - limits.max_shrink_share):
        raise IntegrityError(
            f"{reading.list} shrank from {earlier.entry_count} to {count} entries, more than"
            f" {limits.max_shrink_share:.0%}",
            where=bundle.where,
            hint="fetch the file again; if the publisher removed them, allow a larger share",
        )


def _refused(refusals: Sequence[IntegrityError], taken: Sequence[VersionFacts]) -> IntegrityError:
    told = [f"{f.list} {f.version} was taken in" for f in taken]
    if len(refusals) == 1:
        one = refusals[0]
        return IntegrityError(
            f"{one.what}; the active version stays",
            where="; ".join([one.where, *told]),
            hint=one.hint,
        )
    return IntegrityError(
        f"{len(refusals)} lists or files were refused; their active versions stay",
        where="\n".join([*(f"{e.what}: {e.where}" for e in refusals), *told]),
        hint=refusals[0].hint,
    )
