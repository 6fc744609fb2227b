"""Reads OFAC's CSV files into entries.

The primary file is the list; aliases, addresses and continued remarks are
joined to it by the entry's number. Their rows may belong to entries that the
primary file lacks (the files are published one by one): those rows are counted
and named, not guessed at.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from scanner.errors import IntegrityError
from scanner.places import country_of_name
from scanner.watchlists.entry import (
    FORMERLY,
    PRIMARY,
    STRONG,
    UNMATCHED,
    UNREADABLE,
    Address,
    Entry,
    Identifier,
    ListName,
    Reading,
    RejectedRow,
    distinct,
)
from scanner.watchlists.identifying import identifier
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.ofac_csv import layout
from scanner.watchlists.ofac_csv.layout import Row
from scanner.watchlists.ofac_csv.remarks import Remarks, parse_remarks
from scanner.watchlists.programs import measure_of

_PROGRAM_SEPARATOR = "] ["
_QUALITY = {"fka": FORMERLY, "f.k.a.": FORMERLY}
_REGISTRATION_KINDS = frozenset(
    {"tax_id", "registration_number", "inn", "ogrn", "okpo", "bik", "lei", "imo_company"}
)


def read(list_name: str, files: Mapping[str, ListFile]) -> Reading:
    """Read one list.

    Args:
        list_name: OFAC-SDN or OFAC-CONS.
        files: File of each part; `primary` must be there.

    Raises:
        IntegrityError: The primary part is missing, a file has a wrong encoding or ends
            inside a row.
    """
    texts = {part: (file.name, file.text(layout.ENCODING)) for part, file in files.items()}
    if layout.PRIMARY not in texts:
        raise IntegrityError(
            f"the primary file of {list_name} is missing",
            where=", ".join(sorted(file for file, _ in texts.values())),
            hint="put SDN.CSV or CONS_PRIM.CSV into the same folder",
        )
    rejected: list[RejectedRow] = []
    rows = {part: _rows(part, *texts[part], rejected) for part in texts}
    rows_read = sum(map(len, rows.values())) + len(rejected)
    numbers = {row.cells[0] for row in rows[layout.PRIMARY]}
    joined: dict[str, dict[str, list[Row]]] = {}
    for part in (layout.ALTERNATE, layout.ADDRESS, layout.COMMENTS):
        by_number: dict[str, list[Row]] = defaultdict(list)
        for row in rows.get(part, ()):
            if row.cells[0] in numbers:
                by_number[str(row.cells[0])].append(row)
            else:
                rejected.append(_unmatched(texts[part][0], row))
        joined[part] = by_number
    entries: list[Entry] = []
    seen: set[str] = set()
    for row in rows[layout.PRIMARY]:
        number = str(row.cells[0])
        if number in seen:
            rejected.append(
                RejectedRow(
                    texts[layout.PRIMARY][0], row.place, UNREADABLE, f"entry {number} stands twice"
                )
            )
            continue
        seen.add(number)
        remarks = _whole_remarks(row, joined[layout.COMMENTS][number], texts, rejected)
        aliases, addresses = joined[layout.ALTERNATE][number], joined[layout.ADDRESS][number]
        entries.append(_entry(list_name, row, remarks, aliases, addresses))
    return Reading(
        list=list_name,
        parts=tuple(sorted(texts)),
        entries=tuple(entries),
        rejected=tuple(rejected),
        rows_read=rows_read,
        notes=_notes(texts, rejected),
    )


def _rows(part: str, file: str, text: str, rejected: list[RejectedRow]) -> list[Row]:
    good = []
    for row in layout.rows_of(text, part, file=file):
        if isinstance(row, Row):
            good.append(row)
        else:
            rejected.append(RejectedRow(file, row[0], UNREADABLE, row[1]))
    return good


def _unmatched(file: str, row: Row) -> RejectedRow:
    return RejectedRow(
        file, row.place, UNMATCHED, f"entry {row.cells[0]} is not in the primary file"
    )


def _whole_remarks(
    row: Row,
    continued: list[Row],
    texts: Mapping[str, tuple[str, str]],
    rejected: list[RejectedRow],
) -> str | None:
    """Join remarks that were cut at 1,000 characters with their continuation, without a space.

    Remarks that end in a full stop before the limit are whole: a continuation
    is then of another date of the list.
    """
    remarks = row.cells[11]
    for rest in continued:
        was_cut = remarks is None or len(remarks) >= layout.REMARK_LIMIT - 1
        if was_cut or not (remarks or "").endswith("."):
            remarks = (remarks or "").ljust(layout.REMARK_LIMIT) if was_cut else remarks
            remarks = f"{remarks}{rest.cells[1] or ''}".strip()
        else:
            rejected.append(
                RejectedRow(
                    texts[layout.COMMENTS][0],
                    rest.place,
                    UNMATCHED,
                    f"remarks of entry {row.cells[0]} are whole without it",
                )
            )
    return remarks


def _entry(
    list_name: str, row: Row, remarks: str | None, aliases: list[Row], addresses: list[Row]
) -> Entry:
    number, name, entry_type, tags, title, call_sign = row.cells[:6]
    kind = _entry_type(name, entry_type)
    programs = tuple((tags or "").split(_PROGRAM_SEPARATOR)) if tags else ()
    said = parse_remarks(remarks, is_individual=kind == "individual")
    places = [
        Address(cells[2], cells[3], _country(cells[4]))
        for cells in (address.cells for address in addresses)
        if cells[2] or cells[3] or cells[4]
    ]
    identifiers = list(said.identifiers)
    if call_sign:
        _add(identifiers, identifier("call_sign", call_sign))
    listed_on = remarked_listing_date(list_name, programs, said)
    registered = [i.country for i in identifiers if i.kind in _REGISTRATION_KINDS]
    return Entry(
        number=str(number),
        name=name,
        entry_type=kind,
        programs=programs,
        measure=measure_of(list_name, programs, remarks),
        names=_names(name, aliases, said.names),
        identifiers=tuple(dict.fromkeys(identifiers)),
        addresses=tuple(places),
        countries=distinct(
            [place.country for place in places]
            + list(said.nations)
            + ([] if kind == "individual" else registered)
            + [_country(row.cells[9])]
        ),
        birth_dates=distinct(list(said.birth_dates)),
        remarks=_with_title(title, remarks),
        listed_on=listed_on,
        listed_on_source="remark" if listed_on else None,
        linked_to=tuple(said.linked_to),
    )


def remarked_listing_date(list_name: str, programs: Sequence[str], said: Remarks) -> date | None:
    """The listing date that the remarks give, where it is that of the whole entry.

    A remark dates a directive (`Listing Date (EO 14024 Directive 3)`). Blocking may have come
    weeks later and another program years earlier, so it dates only a non-SDN entry of one program.
    """
    return said.listed_on if list_name == layout.CONS and len(programs) == 1 else None


def _with_title(title: str | None, remarks: str | None) -> str | None:
    if title and remarks and title not in remarks:
        return f"{title}; {remarks}"
    return remarks or title


def _entry_type(name: str | None, published: str | None) -> str:
    if name is None:
        return "address"
    return published.lower() if published else "entity"


def _country(text: str | None) -> str | None:
    return country_of_name(text.removeprefix("Region: ")) if text else None


def _add(found: list[Identifier], one: Identifier | None) -> None:
    if one:
        found.append(one)


def _names(
    name: str | None, aliases: list[Row], in_remarks: list[ListName]
) -> tuple[ListName, ...]:
    found = [ListName(name, PRIMARY)] if name else []
    found += [
        ListName(alias, _QUALITY.get((cells[2] or "").lower(), STRONG))
        for cells in (row.cells for row in aliases)
        if (alias := cells[3])
    ]
    best: dict[str, ListName] = {}
    for one in (*found, *in_remarks):
        best.setdefault(one.name, one)
    return tuple(best.values())


def _notes(texts: Mapping[str, tuple[str, str]], rejected: list[RejectedRow]) -> tuple[str, ...]:
    notes = [
        f"no {part} file: {lost} are missing"
        for part, lost in (
            (layout.ALTERNATE, "aliases"),
            (layout.ADDRESS, "addresses"),
            (layout.COMMENTS, "remarks over 1,000 characters"),
        )
        if part not in texts
    ]
    counts = Counter((row.file, row.code) for row in rejected)
    notes += [f"{file}: {count} rows {code}" for (file, code), count in sorted(counts.items())]
    return tuple(notes)
