"""Reads the Consolidated Screening List."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.errors import IntegrityError
from scanner.places import country_of_name, is_country
from scanner.watchlists.entry import PRIMARY, STRONG, UNREADABLE, Entry, Reading, RejectedRow
from scanner.watchlists.entry_draft import EntryDraft, iso_date
from scanner.watchlists.identifying import kind_of_label
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.us_csl import layout

_ADDRESS_ONLY = re.compile(r"Address \d+\b.*")
_TYPES = frozenset({"individual", "entity", "vessel", "aircraft"})
Record = Mapping[str, Any]


def read(list_name: str, files: Mapping[str, ListFile]) -> Reading:
    """Read the list; where both forms lie together, the JSON file is taken.

    Raises:
        IntegrityError: The file is not whole or has a wrong encoding.
    """
    part = layout.JSON_PART if layout.JSON_PART in files else layout.CSV_PART
    file = files[part]
    records = _from_json(file) if part == layout.JSON_PART else _from_csv(file)
    entries: dict[str, Entry] = {}
    rejected: list[RejectedRow] = []
    place = 0
    for place, record in enumerate(records, 1):
        if isinstance(record, str):
            rejected.append(RejectedRow(file.name, place, UNREADABLE, record))
            continue
        draft = _draft(record)
        if draft.number in entries:
            # The list joins several; one of them repeats a number for another entry.
            draft.number = f"{draft.number}-{place}"
        if not draft.names and not draft.addresses:
            reason = f"entry {draft.number} has neither name nor address"
            rejected.append(RejectedRow(file.name, place, UNREADABLE, reason))
        else:
            entries[draft.number] = draft.finish(list_name)
    return Reading(
        list=list_name,
        parts=(layout.CSV_PART,),
        entries=tuple(entries.values()),
        rejected=tuple(rejected),
        rows_read=place,
    )


def _from_csv(file: ListFile) -> Iterator[Record | str]:
    text = file.text(layout.ENCODING)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        short = None
        for cells in rows:
            if not cells:
                continue
            if short:
                yield short
            short = None
            if len(cells) != len(header):
                short = f"{len(cells)} columns instead of {len(header)}"
                continue
            yield {
                name: _split(cell) if name in _LISTS else cell.strip()
                for name, cell in zip(header, cells, strict=True)
            }
    except csv.Error as error:
        raise IntegrityError(
            "the list file ends inside a row: it was cut off or is still being written",
            where=f"{file.where}: line {rows.line_num}: {error}",
            hint="fetch the file again",
        ) from error
    if short:
        raise IntegrityError(
            "the list file ends inside a row: it was cut off or is still being written",
            where=f"{file.where}: line {rows.line_num}",
            hint="fetch the file again",
        )


_LISTS = frozenset(
    {"programs", "addresses", "alt_names", "citizenships", "dates_of_birth", "nationalities", "ids"}
)


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(layout.SEPARATOR) if part.strip()]


def _from_json(file: ListFile) -> Iterator[Record | str]:
    try:
        held = json.loads(file.text(layout.ENCODING))
        results = held["results"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IntegrityError(
            "the list file is not whole: it was cut off or is no JSON",
            where=f"{file.where}: {error}",
            hint="fetch the file again",
        ) from error
    total = held.get("total")
    if not isinstance(results, list) or (isinstance(total, int) and total > len(results)):
        raise IntegrityError(
            "the list file holds fewer records than it says",
            where=file.where,
            hint="fetch the whole file, not a page of search results",
        )
    for record in results:
        yield record if isinstance(record, dict) else "not an object"


def _draft(record: Record) -> EntryDraft:
    code = layout.source_code(_text(record, "source") or "")
    number = _text(record, "entity_number") or _text(record, "_id") or _text(record, "id") or ""
    kind = (_text(record, "type") or "entity").lower()
    draft = EntryDraft(f"{code}-{number}", kind if kind in _TYPES else "entity")
    programs = _list(record, "programs")
    draft.programs = [code, *map(str, programs)]
    draft.tags = [code, *(f"{code}:{program}" for program in programs)]
    name = _text(record, "name") or ""
    if not _ADDRESS_ONLY.fullmatch(name):
        draft.add_name(name, PRIMARY)
    for alias in _list(record, "alt_names"):
        draft.add_name(str(alias), STRONG)
    for address in _list(record, "addresses"):
        _add_address(draft, address)
    for column in ("nationalities", "citizenships"):
        for country in _list(record, column):
            draft.add_country(str(country))
    draft.birth_dates = [str(day) for day in _list(record, "dates_of_birth")]
    for one in _list(record, "ids"):
        _add_identifier(draft, one)
    if _text(record, "call_sign"):
        draft.add_identifier("call_sign", _text(record, "call_sign"))
    draft.add_country(_text(record, "vessel_flag"))
    for column in ("title", "federal_register_notice", "license_requirement", "remarks"):
        draft.add_remark(_text(record, column))
    draft.listed_on = iso_date(_text(record, "start_date"))
    return draft


def _text(record: Record, name: str) -> str | None:
    value = record.get(name)
    return (str(value).strip() or None) if value is not None else None


def _list(record: Record, name: str) -> list[Any]:
    value = record.get(name)
    if isinstance(value, list):
        return [one for one in value if one]
    return _split(str(value)) if value else []


def _add_address(draft: EntryDraft, address: Any) -> None:
    if isinstance(address, dict):
        town = ", ".join(
            str(address[p]) for p in ("city", "state", "postal_code") if address.get(p)
        )
        street, country = (_text(address, name) for name in ("address", "country"))
        draft.add_address(street, town, country)
        return
    before, _, last = str(address).removeprefix("and ").rpartition(",")
    if country_of_name(last):
        street, _, town = before.rpartition(",")
        draft.add_address(street or None, town, last)
    else:
        draft.add_address(str(address), None, None)


def _add_identifier(draft: EntryDraft, one: Any) -> None:
    """Read `type, value, country` or `country, value, type`: the part that is a type decides."""
    if isinstance(one, dict):
        parts = [str(one.get(k) or "") for k in ("type", "number", "country")]
    else:
        parts = [part.strip() for part in str(one).split(",")]
    parts = [part for part in parts if part]
    for at in (0, len(parts) - 1):
        rest = [part for place, part in enumerate(parts) if place != at]
        value = next((part for part in rest if not is_country(part)), "")
        kind = kind_of_label(parts[at], value) if parts and value else None
        if kind:
            country = next((part for part in rest if is_country(part)), None)
            draft.add_identifier(kind, value.removeprefix("IMO ").strip(), country_of_name(country))
            return
    draft.add_remark(" ".join(reversed(parts)) if not isinstance(one, dict) else " ".join(parts))
