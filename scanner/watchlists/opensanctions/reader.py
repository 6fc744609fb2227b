"""Reads OpenSanctions data."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from scanner.errors import IntegrityError
from scanner.places import country_of_name
from scanner.watchlists.entry import (
    PRIMARY,
    STRONG,
    UNREADABLE,
    WEAK,
    Holding,
    Reading,
    RejectedRow,
)
from scanner.watchlists.entry_draft import EntryDraft, iso_date
from scanner.watchlists.identifying import identifier
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.opensanctions import layout

_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%?")


def read(list_name: str, files: Mapping[str, ListFile]) -> Reading:
    """Read the list; where both forms lie together, the entities are taken.

    Raises:
        IntegrityError: The file is not whole or has a wrong encoding.
    """
    if layout.ENTITIES in files:
        return _read_entities(list_name, files[layout.ENTITIES])
    return _read_simple(list_name, files[layout.SIMPLE])


def _read_simple(list_name: str, file: ListFile) -> Reading:
    drafts: dict[str, EntryDraft] = {}
    rejected: list[RejectedRow] = []
    place = 0
    newest: date | None = None
    rows = csv.reader(io.StringIO(file.text("utf-8"), newline=""), strict=True)
    cells: list[str] = []
    try:
        header = [cell.strip() for cell in next(rows, [])]
        for place, cells in enumerate(rows, 1):
            if len(cells) != len(header) or not cells[0] or cells[0] in drafts:
                reason = f"{len(cells)} columns, no id, or an id that stands twice"
                rejected.append(RejectedRow(file.name, place, UNREADABLE, reason))
                continue
            row = dict(zip(header, cells, strict=True))
            drafts[cells[0]] = _simple_draft(row)
            changed = iso_date(row.get("last_change"))
            newest = max(filter(None, (newest, changed)), default=None)
    except csv.Error as error:
        raise _cut_off(file, place + 1, str(error)) from error
    if place and len(cells) != len(header):
        raise _cut_off(file, place, "the last row is short")
    return Reading(
        list=list_name,
        parts=("list",),
        entries=tuple(draft.finish(list_name) for draft in drafts.values()),
        rejected=tuple(rejected),
        rows_read=place,
        published_on=newest,
    )


def _simple_draft(row: Mapping[str, str]) -> EntryDraft:
    draft = EntryDraft(row["id"], layout.TYPES.get(row["schema"], "entity"))
    draft.add_name(row["name"], PRIMARY)
    for alias in _values(row["aliases"]):
        draft.add_name(alias, STRONG)
    for country in _values(row["countries"]):
        draft.add_country(country)
    for address in _values(row.get("addresses", "")):
        draft.add_address(address, None, None)
    for number in _values(row["identifiers"]):
        draft.add_identifier("registration_number", number)
    for column, kind in (("phones", "phone"), ("emails", "email")):
        for value in _values(row.get(column, "")):
            draft.add_identifier(kind, value)
    draft.birth_dates = _values(row.get("birth_date", ""))
    draft.programs = _values(row.get("program_ids", ""))
    draft.add_remark(row.get("sanctions"))
    draft.add_remark(row["dataset"])
    return draft


def _values(cell: str) -> list[str]:
    """Values of a cell: joined with `;`, those that hold one are quoted as in CSV."""
    parts = next(csv.reader([cell.replace("\n", " ")], delimiter=";"), [])
    return [part.strip() for part in parts if part.strip()]


def _read_entities(list_name: str, file: ListFile) -> Reading:
    drafts: dict[str, EntryDraft] = {}
    rejected: list[RejectedRow] = []
    others: list[tuple[str, Mapping[str, Any]]] = []
    place = 0
    for place, line in _lines(file):
        if isinstance(line, str):
            rejected.append(RejectedRow(file.name, place, UNREADABLE, line))
        elif line["schema"] in layout.NAMED:
            if line["id"] in drafts:
                reason = f"entity {line['id']} stands twice"
                rejected.append(RejectedRow(file.name, place, UNREADABLE, reason))
            else:
                drafts[line["id"]] = _entity_draft(line)
        else:
            others.append((line["schema"], line["properties"]))
    holdings: list[Holding] = []
    for schema, properties in others:
        if schema == "Ownership":
            holdings += _holdings(properties, drafts)
        elif schema == "Sanction":
            _add_sanction(properties, drafts)
    targets = {number: draft for number, draft in drafts.items() if draft.tags or draft.programs}
    return Reading(
        list=list_name,
        parts=("list",),
        entries=tuple(draft.finish(list_name) for draft in targets.values()),
        rejected=tuple(rejected),
        rows_read=place,
        holdings=tuple(_numbered(holding, targets) for holding in holdings),
    )


def _lines(file: ListFile) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    text = file.text("utf-8")
    fault = ""
    place = 0
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        fault = ""
        try:
            held = _checked(json.loads(line))
            fault = "" if held else "no id, schema or properties"
        except (ValueError, RecursionError):
            held, fault = None, "is no JSON"
        yield place, held or fault
    if fault and not text.endswith("\n"):
        raise _cut_off(file, place, fault)


def _checked(held: Any) -> Mapping[str, Any] | None:
    """An entity with the types it must have: properties are lists of text or of entities."""
    if not isinstance(held, dict):
        return None
    number, schema, properties = (held.get(k) for k in ("id", "schema", "properties"))
    if not (isinstance(number, str) and number and isinstance(schema, str)):
        return None
    if not isinstance(properties, dict):
        return None
    caption = held.get("caption")
    return {
        "id": number,
        "schema": schema,
        "caption": caption if isinstance(caption, str) else None,
        "properties": {
            name: [one for one in values if isinstance(one, str | dict)]
            for name, values in properties.items()
            if isinstance(values, list)
        },
    }


def _cut_off(file: ListFile, row: int, reason: str) -> IntegrityError:
    return IntegrityError(
        "the list file ends inside a row: it was cut off or is still being written",
        where=f"{file.where}: row {row}: {reason}",
        hint="fetch the file again",
    )


def _entity_draft(line: Mapping[str, Any]) -> EntryDraft:
    properties = _texts(line["properties"])
    draft = EntryDraft(line["id"], layout.TYPES.get(line["schema"], "entity"))
    draft.add_name(line["caption"], PRIMARY)
    for name, quality in (("name", STRONG), ("alias", STRONG), ("weakAlias", WEAK)):
        for value in properties.get(name, ()):
            draft.add_name(value, quality)
    for value in properties.get("previousName", ()):
        draft.add_name(value, "formerly")
    for name in ("country", "jurisdiction", "nationality", "citizenship", "flag", "mainCountry"):
        for value in properties.get(name, ()):
            draft.add_country(value)
    issuer = draft.countries[0] if len(set(draft.countries)) == 1 else None
    for name, kind in layout.IDENTIFIERS.items():
        for value in properties.get(name, ()):
            country = "RU" if name in ("innCode", "ogrnCode", "kppCode", "bikCode") else issuer
            made = identifier(kind, value, country)
            draft.identifiers += [made] if made else []
    for value in properties.get("address", ()):
        draft.add_address(value, None, None)
    draft.birth_dates = list(properties.get("birthDate", ()))
    draft.programs = list(properties.get("programId", ()))
    draft.tags = [t for t in properties.get("topics", ()) if t in layout.BLOCKING_TOPICS]
    draft.tags = [*draft.programs, *draft.tags] if draft.tags or draft.programs else []
    for value in properties.get("notes", ()):
        draft.add_remark(value)
    return draft


def _texts(properties: Mapping[str, list[Any]]) -> dict[str, list[str]]:
    return {k: [one for one in v if isinstance(one, str)] for k, v in properties.items()}


def _add_sanction(linked: Mapping[str, Any], drafts: Mapping[str, EntryDraft]) -> None:
    properties = _texts(linked)
    for number in _ends(linked, "entity"):
        draft = drafts.get(number)
        if draft is None:
            continue
        programs = [*properties.get("programId", ()), *properties.get("program", ())]
        draft.programs += programs
        draft.tags += programs or ["sanction"]
        for value in (*properties.get("authority", ()), *properties.get("reason", ())):
            draft.add_remark(value)
        days = [*properties.get("listingDate", ()), *properties.get("startDate", ())]
        found = [day for day in map(iso_date, days) if day]
        if found:
            draft.listed_on = min([*found, *([draft.listed_on] if draft.listed_on else [])])


def _holdings(linked: Mapping[str, Any], drafts: Mapping[str, EntryDraft]) -> Iterator[Holding]:
    properties = _texts(linked)
    share = next((m for p in properties.get("percentage", ()) if (m := _PERCENT.search(p))), None)
    percent = float(share[1].replace(",", ".")) if share else None
    started = next(map(iso_date, properties.get("startDate", ())), None)
    ended = next(map(iso_date, properties.get("endDate", ())), None)
    for owner in _ends(linked, "owner"):
        for asset in _ends(linked, "asset"):
            one, other = drafts.get(owner), drafts.get(asset)
            if one is None or other is None or not one.names or not other.names:
                continue
            countries = dict.fromkeys(other.countries)
            yield Holding(
                owner_name=one.names[0].name,
                owner_number=owner,
                owned_name=other.names[0].name,
                owned_number=asset,
                owned_country=country_of_name(next(iter(countries), None)),
                share_percent=percent if percent is None or percent <= 100 else None,
                valid_from=started,
                valid_to=ended,
            )


def _ends(properties: Mapping[str, Any], name: str) -> list[str]:
    """Identifiers at one end of a link; nested entities carry their own."""
    return [
        str(one.get("id")) if isinstance(one, dict) else str(one)
        for one in properties.get(name, ())
    ]


def _numbered(holding: Holding, targets: Mapping[str, EntryDraft]) -> Holding:
    """Keep the numbers of entries only: owners that are not targets have names alone."""
    return Holding(
        owner_name=holding.owner_name,
        owner_number=holding.owner_number if holding.owner_number in targets else None,
        owned_name=holding.owned_name,
        owned_number=holding.owned_number if holding.owned_number in targets else None,
        owned_country=holding.owned_country,
        share_percent=holding.share_percent,
        valid_from=holding.valid_from,
        valid_to=holding.valid_to,
    )
