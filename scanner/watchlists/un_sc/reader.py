"""Reads the UN's consolidated list."""

import re
from collections.abc import Mapping

from lxml import etree

from scanner.places import country_of_name
from scanner.watchlists.entry import PRIMARY, STRONG, UNREADABLE, Entry, Reading, RejectedRow
from scanner.watchlists.entry_draft import EntryDraft, iso_date
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.markup import elements, text_of
from scanner.watchlists.un_sc import layout

_GENERATED = re.compile(rb'dateGenerated="([0-9-]{10})')


def read(list_name: str, files: Mapping[str, ListFile]) -> Reading:
    """Read the list.

    Raises:
        IntegrityError: The file is not whole.
    """
    file = files["list"]
    entries: list[Entry] = []
    rejected: list[RejectedRow] = []
    seen: set[str] = set()
    place = 0
    for place, element in enumerate(elements(file, layout.ENTRIES), 1):
        number = text_of(element, "DATAID") or text_of(element, "REFERENCE_NUMBER")
        if number is None or number in seen:
            reason = "no number" if number is None else f"entry {number} stands twice"
            rejected.append(RejectedRow(file.name, place, UNREADABLE, reason))
            continue
        entry = _draft(number, element).finish(list_name)
        if entry.name is None:
            rejected.append(
                RejectedRow(file.name, place, UNREADABLE, f"entry {number} has no name")
            )
            continue
        seen.add(number)
        entries.append(entry)
    generated = _GENERATED.search(file.data[:2000])
    return Reading(
        list=list_name,
        parts=("list",),
        entries=tuple(entries),
        rejected=tuple(rejected),
        rows_read=place,
        published_on=iso_date(generated[1].decode()) if generated else None,
    )


def _draft(number: str, element: etree._Element) -> EntryDraft:
    kind = str(element.tag)
    draft = EntryDraft(number, layout.ENTRIES[kind])
    draft.add_name(
        " ".join(filter(None, (text_of(element, p) for p in layout.NAME_PARTS))), PRIMARY
    )
    draft.add_name(text_of(element, "NAME_ORIGINAL_SCRIPT"))
    for alias in element.findall(f"{kind}_ALIAS"):
        quality = (text_of(alias, "QUALITY") or "").lower()
        draft.add_name(text_of(alias, "ALIAS_NAME"), layout.QUALITIES.get(quality, STRONG))
    for address in element.findall(f"{kind}_ADDRESS"):
        town = ", ".join(
            filter(None, (text_of(address, p) for p in ("CITY", "STATE_PROVINCE", "ZIP_CODE")))
        )
        draft.add_address(text_of(address, "STREET"), town, text_of(address, "COUNTRY"))
    for nationality in element.findall("NATIONALITY/VALUE"):
        draft.add_country(nationality.text)
    for born in element.findall("INDIVIDUAL_DATE_OF_BIRTH"):
        draft.birth_dates += _birth_dates(born)
    for document in element.findall("INDIVIDUAL_DOCUMENT"):
        label = (text_of(document, "TYPE_OF_DOCUMENT") or "").lower()
        kind_of_document = "passport" if "pas" in label else "national_id"
        country = text_of(document, "ISSUING_COUNTRY") or text_of(document, "COUNTRY_OF_ISSUE")
        number_of_document = text_of(document, "NUMBER")
        draft.add_identifier(kind_of_document, number_of_document, country_of_name(country))
    program = text_of(element, "UN_LIST_TYPE")
    draft.programs += [program] if program else []
    for path in ("REFERENCE_NUMBER", "COMMENTS1"):
        draft.add_remark(text_of(element, path))
    draft.listed_on = iso_date(text_of(element, "LISTED_ON"))
    return draft


def _birth_dates(born: etree._Element) -> list[str]:
    exact = iso_date(text_of(born, "DATE"))
    if exact:
        return [exact.isoformat()]
    year = text_of(born, "YEAR")
    if year:
        return [year]
    first, last = text_of(born, "FROM_YEAR"), text_of(born, "TO_YEAR")
    if first and last and first.isdecimal() and last.isdecimal():
        years = range(int(first), int(last) + 1)
        return [str(one) for one in years] if len(years) <= 15 else [first, last]
    return [one for one in (first, last) if one]
