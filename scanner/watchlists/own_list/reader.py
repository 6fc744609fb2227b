"""Reads the bank's own list."""

import csv
import io
from collections.abc import Mapping

from scanner.errors import IntegrityError
from scanner.places import country_of_name
from scanner.watchlists.entry import PRIMARY, STRONG, UNREADABLE, Entry, Reading, RejectedRow
from scanner.watchlists.entry_draft import EntryDraft, iso_date
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.own_list import layout

_TYPES = frozenset({"entity", "individual", "vessel", "aircraft"})


def read(list_name: str, files: Mapping[str, ListFile]) -> Reading:
    """Read the list.

    Raises:
        IntegrityError: The file is not whole or has a wrong encoding.
    """
    file = files["list"]
    rows = csv.reader(io.StringIO(file.text(layout.ENCODING), newline=""), strict=True)
    entries: dict[str, Entry] = {}
    rejected: list[RejectedRow] = []
    place = 0
    cells: list[str] = []
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        for place, cells in enumerate((row for row in rows if any(row)), 1):
            reason = ""
            row = dict(zip(header, map(str.strip, cells), strict=False))
            if len(cells) != len(header):
                reason = f"{len(cells)} columns instead of {len(header)}"
            elif not row["own_id"] or not row["name"]:
                reason = "own_id or name is empty"
            elif row["own_id"] in entries:
                reason = f"own_id {row['own_id']} stands twice"
            elif country_of_name(row.get("country")) is None and row.get("country"):
                reason = f"country {row['country']!r} is not a country"
            elif row.get("type") and row["type"].lower() not in _TYPES:
                reason = f"type {row['type']!r} is not one of {', '.join(sorted(_TYPES))}"
            if reason:
                rejected.append(RejectedRow(file.name, place, UNREADABLE, reason))
            else:
                entries[row["own_id"]] = _entry(row, list_name)
    except csv.Error as error:
        raise IntegrityError(
            "the list file cannot be read as CSV",
            where=f"{file.where}: row {place + 1}: {error}",
            hint="repair the file; none of it was used",
        ) from error
    return Reading(
        list=list_name,
        parts=("list",),
        entries=tuple(entries.values()),
        rejected=tuple(rejected),
        rows_read=place,
    )


def _entry(row: Mapping[str, str], list_name: str) -> Entry:
    draft = EntryDraft(row["own_id"], (row.get("type") or "entity").lower())
    draft.add_name(row["name"], PRIMARY)
    for alias in _values(row, "aliases"):
        draft.add_name(alias, STRONG)
    draft.add_address(row.get("address"), None, row.get("country"))
    draft.add_country(row.get("country"))
    for bic in _values(row, "bic"):
        draft.add_identifier("bic", bic)
    for one in _values(row, "identifiers"):
        label, _, value = one.partition(":")
        kind = layout.KINDS.get(label.strip().lower()) if value else None
        draft.add_identifier(
            kind or "registration_number",
            value if kind else one,
            country_of_name(row.get("country")),
        )
    draft.birth_dates = _values(row, "birth_date")
    draft.programs = _values(row, "programs")
    draft.tags = [*draft.programs, *_values(row, "measure")]
    draft.add_remark(row.get("remarks"))
    draft.listed_on = iso_date(row.get("listed_on"))
    return draft.finish(list_name)


def _values(row: Mapping[str, str], column: str) -> list[str]:
    return [part.strip() for part in (row.get(column) or "").split(";") if part.strip()]
