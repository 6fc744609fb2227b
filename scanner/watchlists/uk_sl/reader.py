"""Reads the UK Sanctions List and OFSI's legacy consolidated list."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import date

from scanner.errors import IntegrityError
from scanner.places import country_of_name
from scanner.watchlists.entry import PRIMARY, STRONG, UNREADABLE, WEAK, Reading, RejectedRow
from scanner.watchlists.entry_draft import EntryDraft
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.uk_sl import layout
from scanner.watchlists.uk_sl.layout import Columns

# Labels that stand before a number inside free text.
_LABELLED = (
    ("bic", re.compile(r"(?:SWIFT(?:/BIC)?|BIC)\s*(?:code)?\s*[:-]?\s*([A-Za-z0-9]{8,11})\b")),
    (
        "inn",
        re.compile(
            r"(?:INN|Tax\w* (?:ID|Identification) (?:No|Number)\.?)\D{0,12}(\d{10,12})\b",
            re.IGNORECASE,
        ),
    ),
    ("ogrn", re.compile(r"OGRN\D{0,6}(\d{13,15})\b", re.IGNORECASE)),
    ("kpp", re.compile(r"KPP\D{0,6}(\d{9})\b", re.IGNORECASE)),
    ("bik", re.compile(r"BIK\D{0,10}(\d{9})\b", re.IGNORECASE)),
    ("okpo", re.compile(r"OKPO\D{0,6}(\d{8,10})\b", re.IGNORECASE)),
    ("lei", re.compile(r"LEI\W{0,4}([A-Z0-9]{18}\d{2})\b")),
    ("imo", re.compile(r"\bIMO\D{0,10}(\d{7})\b", re.IGNORECASE)),
)
_BUSINESS_NUMBERS = "business registration number (s)"
_DIRECT = {"imo number": "imo", "website": "website", "email address": "email"}
_DIRECT |= {"phone number": "phone"}
_YEAR = re.compile(r"\b(1[89]\d{2}|20\d{2})\b")


def read(list_name: str, files: Mapping[str, ListFile]) -> Reading:
    """Read the list; where both layouts lie together, the UK Sanctions List is taken.

    Raises:
        IntegrityError: The file is not whole or has a wrong encoding.
    """
    part = "list" if "list" in files else "consolidated"
    columns, file = layout.PARTS[part], files[part]
    published_on, rows = _rows(file, columns)
    drafts: dict[str, EntryDraft] = {}
    rejected: list[RejectedRow] = []
    for place, row in rows:
        number = row.get(columns.key, "") if isinstance(row, dict) else ""
        if isinstance(row, str) or not number:
            reason = row if isinstance(row, str) else f"no {columns.key}"
            rejected.append(RejectedRow(file.name, place, UNREADABLE, reason))
            continue
        kind = _entry_type(row.get(columns.entry_type, ""))
        _add_row(drafts.setdefault(number, EntryDraft(number, kind)), row, columns)
    entries = [draft.finish(list_name) for draft in drafts.values()]
    return Reading(
        list=list_name,
        parts=("list",),
        entries=tuple(entry for entry in entries if entry.name),
        rejected=(
            *rejected,
            *(
                RejectedRow(file.name, 0, UNREADABLE, f"entry {entry.number} has no name")
                for entry in entries
                if not entry.name
            ),
        ),
        rows_read=len(rows),
        published_on=published_on,
    )


def _rows(
    file: ListFile, columns: Columns
) -> tuple[date | None, list[tuple[int, dict[str, str] | str]]]:
    reader = csv.reader(io.StringIO(file.text(layout.ENCODING), newline=""), strict=True)
    published_on = None
    header: list[str] = []
    made: list[tuple[int, dict[str, str] | str]] = []
    try:
        for cells in reader:
            if not any(cells):
                continue
            if not header:
                named = [layout.column_name(cell) for cell in cells]
                if columns.key in named:
                    header = named
                else:
                    published_on = published_on or layout.any_date(" ".join(cells))
            elif len(cells) != len(header):
                made.append((reader.line_num, f"{len(cells)} columns instead of {len(header)}"))
            else:
                row = dict(zip(header, map(str.strip, cells), strict=True))
                made.append((reader.line_num, row))
    except csv.Error as error:
        raise _cut_off(file, f"line {reader.line_num}: {error}") from error
    if made and isinstance(made[-1][1], str):
        raise _cut_off(file, f"line {made[-1][0]}: {made[-1][1]}")
    return published_on, made


def _cut_off(file: ListFile, reason: str) -> IntegrityError:
    return IntegrityError(
        "the list file ends inside a row: it was cut off or is still being written",
        where=f"{file.where}: {reason}",
        hint="fetch the file again",
    )


def _entry_type(published: str) -> str:
    lowered = published.lower()
    if lowered.startswith("ind"):
        return "individual"
    return "vessel" if lowered.startswith("ship") else "entity"


def _add_row(draft: EntryDraft, row: Mapping[str, str], columns: Columns) -> None:
    name = " ".join(filter(None, (row.get(part) for part in layout.NAME_PARTS)))
    draft.add_name(name, _quality(row, columns))
    draft.add_name(row.get("name non-latin script"), STRONG)
    draft.programs += [row.get(columns.regime, "")]
    lines = [row[line] for line in layout.ADDRESS_LINES if row.get(line)]
    town = ", ".join(
        filter(None, (lines[-1] if len(lines) > 1 else "", row.get(columns.post_code)))
    )
    street = ", ".join(lines[:-1] if len(lines) > 1 else lines)
    draft.add_address(street, town, row.get(columns.country))
    for nationality in re.split(r"[;/]|\(\d+\)", row.get(columns.nationality, "")):
        draft.add_country(nationality.strip(" .,"))
    draft.birth_dates += _birth_dates(row.get(columns.birth, ""))
    issuer = draft.countries[0] if draft.countries else None
    draft.add_identifier("passport", row.get(columns.passport), issuer)
    draft.add_identifier("national_id", row.get(columns.national_id), issuer)
    for column, kind in _DIRECT.items():
        draft.add_identifier(kind, row.get(column))
    draft.add_country(row.get("current believed flag of ship"))
    _add_labelled(draft, row.get(_BUSINESS_NUMBERS, ""), is_numbers=True)
    _add_labelled(draft, row.get(columns.other, ""), is_numbers=False)
    parent = row.get("parent company")
    draft.linked_to += [parent] if parent else []
    imposed = row.get("sanctions imposed", "").lower()
    if imposed and "asset freeze" not in imposed:
        # Ships that may not enter a port, for one, are listed without being blocked.
        draft.tags = [layout.NO_FREEZE]
    for column in ("un reference number", "ofsi group id", "position", "sanctions imposed"):
        draft.add_remark(row.get(column))
    draft.add_remark(row.get(columns.other))
    found = layout.any_date(row.get(columns.listed_on))
    if found and (draft.listed_on is None or found < draft.listed_on):
        draft.listed_on = found


def _quality(row: Mapping[str, str], columns: Columns) -> str:
    kind = row.get(columns.name_type, "").lower()
    if kind.startswith("primary"):
        return STRONG if "variation" in kind else PRIMARY
    if "fka" in kind or "formerly" in kind:
        return "formerly"
    strength = row.get(columns.strength, "").lower()
    return WEAK if "low" in strength or "weak" in strength else STRONG


def _birth_dates(text: str) -> list[str]:
    exact = layout.any_date(text)
    if exact:
        return [exact.isoformat()]
    # dd/mm/1970 and 00/00/1970 say the year only.
    year = _YEAR.search(text)
    return [year[1]] if year else []


def _add_labelled(draft: EntryDraft, text: str, *, is_numbers: bool) -> None:
    left = text
    for kind, pattern in _LABELLED:
        for found in pattern.finditer(text):
            country = "RU" if kind in ("inn", "ogrn", "kpp", "bik", "okpo") else None
            draft.add_identifier(kind, found[1].upper(), country)
            left = left.replace(found[0], " ")
    if not is_numbers:
        return
    for piece in re.split(r"[;,]|\(\d+\)", left):
        number, country = _number_and_country(piece)
        draft.add_identifier("registration_number", number, country)


def _number_and_country(piece: str) -> tuple[str | None, str | None]:
    found = re.search(r"[A-Z]{0,4}[\d][\d./ -]{3,}\d", piece)
    issuer = re.search(r"\(([^()]+)\)|\b(?:of|in) ([A-Z][A-Za-z ]+)$", piece)
    country = country_of_name(issuer[1] or issuer[2]) if issuer else None
    return (found[0] if found else None), country
