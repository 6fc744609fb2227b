"""Reads the EU's financial sanctions files."""

import csv
import io
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from scanner.errors import IntegrityError
from scanner.places import country_of_name
from scanner.watchlists.entry import PRIMARY, STRONG, UNREADABLE, WEAK, Reading, RejectedRow
from scanner.watchlists.entry_draft import EntryDraft, iso_date
from scanner.watchlists.eu_fsf import layout
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.markup import elements, text_of

_GENERATED = re.compile(rb'generationDate="([0-9-]{10})')


def read(list_name: str, files: Mapping[str, ListFile]) -> Reading:
    """Read the list; where both forms lie together, the XML file is taken.

    Raises:
        IntegrityError: The file is not whole or has a wrong encoding.
    """
    if layout.XML_PART in files:
        return _read_xml(list_name, files[layout.XML_PART])
    return _read_csv(list_name, files[layout.CSV_PART])


def _read_xml(list_name: str, file: ListFile) -> Reading:
    drafts: dict[str, EntryDraft] = {}
    rejected: list[RejectedRow] = []
    place = 0
    for place, element in enumerate(elements(file, ("sanctionEntity",)), 1):
        number = element.get("logicalId")
        if not number or number in drafts or element.find("nameAlias") is None:
            reason = f"entity {number}: no number, no name, or twice"
            rejected.append(RejectedRow(file.name, place, UNREADABLE, reason))
            continue
        drafts[number] = _xml_draft(number, element)
    generated = _GENERATED.search(file.data[:8000])
    return Reading(
        list=list_name,
        parts=("list",),
        entries=tuple(draft.finish(list_name) for draft in drafts.values()),
        rejected=tuple(rejected),
        rows_read=place,
        published_on=iso_date(generated[1].decode()) if generated else None,
    )


def _xml_draft(number: str, element: etree._Element) -> EntryDraft:
    subject = element.find("subjectType")
    draft = EntryDraft(
        number, layout.entry_type(subject.get("code") if subject is not None else "")
    )
    for alias in element.findall("nameAlias"):
        _add_name(draft, alias.get("wholeName"), is_strong=alias.get("strong") != "false")
        draft.add_remark(alias.get("function"))
    for regulation in element.findall("regulation"):
        draft.programs += [regulation.get("programme") or ""]
        draft.add_remark(regulation.get("numberTitle"))
        _list_on(draft, regulation.get("publicationDate"))
    for citizenship in element.findall("citizenship"):
        draft.add_country(_country(citizenship.get("countryIso2Code")))
    for born in element.findall("birthdate"):
        _add_birth(draft, born.get("birthdate"), born.get("year"))
    for document in element.findall("identification"):
        number_of_document = document.get("number") or document.get("latinNumber")
        _add_document(
            draft,
            document.get("identificationTypeCode"),
            number_of_document,
            document.get("countryIso2Code"),
        )
    for address in element.findall("address"):
        town = ", ".join(filter(None, (address.get(p) for p in ("city", "region", "zipCode"))))
        draft.add_address(address.get("street"), town, _country(address.get("countryIso2Code")))
    draft.add_remark(element.get("euReferenceNumber"))
    draft.add_remark(text_of(element, "remark"))
    _list_on(draft, element.get("designationDate"))
    return draft


def _read_csv(list_name: str, file: ListFile) -> Reading:
    drafts: dict[str, EntryDraft] = {}
    rejected: list[RejectedRow] = []
    generated = None
    place = 0
    for place, row in _csv_rows(file):
        if isinstance(row, str):
            rejected.append(RejectedRow(file.name, place, UNREADABLE, row))
            continue
        number = row.get(layout.KEY, "")
        if not number:
            rejected.append(RejectedRow(file.name, place, UNREADABLE, "no Entity_LogicalId"))
            continue
        generated = generated or iso_date(row.get("fileGenerationDate"))
        kind = layout.entry_type(
            row.get("Entity_SubjectType_ClassificationCode") or row.get("Entity_SubjectType")
        )
        _add_row(drafts.setdefault(number, EntryDraft(number, kind)), row)
    nameless = [draft for draft in drafts.values() if not draft.names]
    rejected += [
        RejectedRow(file.name, 0, UNREADABLE, f"entity {draft.number} has no name")
        for draft in nameless
    ]
    return Reading(
        list=list_name,
        parts=("list",),
        entries=tuple(d.finish(list_name) for d in drafts.values() if d.names),
        rejected=tuple(rejected),
        rows_read=place,
        published_on=generated,
    )


def _csv_rows(file: ListFile) -> Iterator[tuple[int, dict[str, str] | str]]:
    rows = csv.reader(
        io.StringIO(file.text(layout.ENCODING), newline=""), delimiter=";", strict=True
    )
    header: list[str] = []
    cells: list[str] = []
    place = 0
    try:
        header = [cell.strip() for cell in next(rows, [])]
        for place, cells in enumerate(rows, 1):
            if len(cells) != len(header):
                yield place, f"{len(cells)} columns instead of {len(header)}"
            else:
                yield place, dict(zip(header, map(str.strip, cells), strict=True))
    except csv.Error as error:
        raise _cut_off(file, place + 1, str(error)) from error
    if place and len(cells) != len(header):
        raise _cut_off(file, place, "the last row is short")


def _cut_off(file: ListFile, row: int, reason: str) -> IntegrityError:
    return IntegrityError(
        "the list file ends inside a row: it was cut off or is still being written",
        where=f"{file.where}: row {row}: {reason}",
        hint="fetch the file again",
    )


def _add_row(draft: EntryDraft, row: Mapping[str, str]) -> None:
    if row.get("NameAlias_WholeName"):
        _add_name(
            draft,
            row["NameAlias_WholeName"],
            is_strong=row.get("NameAlias_Strong", "").lower() != "false",
        )
    draft.programs += [row.get("Entity_Regulation_Programme", "")]
    draft.add_remark(row.get("Entity_Regulation_NumberTitle"))
    draft.add_remark(row.get("Entity_EU_ReferenceNumber"))
    draft.add_remark(row.get("Entity_Remark"))
    _list_on(draft, row.get("Entity_Regulation_PublicationDate"))
    _list_on(draft, row.get("Entity_DesignationDate"))
    draft.add_country(_country(row.get("Citizenship_CountryIso2Code")))
    _add_birth(draft, row.get("BirthDate_BirthDate"), row.get("BirthDate_Year"))
    _add_document(
        draft,
        row.get("Identification_TypeCode"),
        row.get("Identification_Number"),
        row.get("Identification_CountryIso2Code"),
    )
    town = ", ".join(filter(None, (row.get(f"Address_{p}") for p in ("City", "Region", "ZipCode"))))
    draft.add_address(row.get("Address_Street"), town, _country(row.get("Address_CountryIso2Code")))


def _add_name(draft: EntryDraft, name: str | None, *, is_strong: bool) -> None:
    is_first = not draft.names
    draft.add_name(name, PRIMARY if is_first else STRONG if is_strong else WEAK)


def _add_birth(draft: EntryDraft, day: str | None, year: str | None) -> None:
    exact = iso_date(day)
    if exact:
        draft.birth_dates.append(exact.isoformat())
    elif year and year.isdecimal() and int(year):
        draft.birth_dates.append(year)


def _add_document(
    draft: EntryDraft, code: str | None, number: str | None, country: str | None
) -> None:
    kind = layout.KINDS.get((code or "").lower(), "registration_number")
    draft.add_identifier(kind, number, country_of_name(_country(country)))


def _country(code: str | None) -> str | None:
    return None if code in (None, "", layout.NO_COUNTRY) else code


def _list_on(draft: EntryDraft, day: str | None) -> None:
    """The earliest date counts: later regulations amend the entry."""
    found = iso_date(day)
    if found and (draft.listed_on is None or found < draft.listed_on):
        draft.listed_on = found
