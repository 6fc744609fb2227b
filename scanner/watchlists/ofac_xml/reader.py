"""Reads OFAC's SDN.XML and CONSOLIDATED.XML."""

import re
from collections.abc import Mapping
from datetime import date

from lxml import etree

from scanner.errors import IntegrityError
from scanner.places import country_of_name
from scanner.watchlists.entry import (
    FORMERLY,
    PRIMARY,
    STRONG,
    UNREADABLE,
    WEAK,
    Entry,
    Reading,
    RejectedRow,
)
from scanner.watchlists.entry_draft import EntryDraft
from scanner.watchlists.identifying import kind_of_label
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.markup import elements, text_of
from scanner.watchlists.ofac_csv.reader import remarked_listing_date
from scanner.watchlists.ofac_csv.remarks import birth_dates_of, parse_remarks

_PUBLISHED = re.compile(r"<(?:\w+:)?Publish_Date>\s*(\d{2})/(\d{2})/(\d{4})")
_COUNT = re.compile(r"<(?:\w+:)?Record_Count>\s*(\d+)")


def read(list_name: str, files: Mapping[str, ListFile]) -> Reading:
    """Read the list.

    Raises:
        IntegrityError: The file is not whole, or holds fewer entries than it says.
    """
    file = files["xml"]
    entries: dict[str, Entry] = {}
    rejected: list[RejectedRow] = []
    place = 0
    for place, element in enumerate(elements(file, ("sdnEntry",)), 1):
        number = text_of(element, "uid")
        if number is None or number in entries:
            reason = "no uid" if number is None else f"entry {number} stands twice"
            rejected.append(RejectedRow(file.name, place, UNREADABLE, reason))
            continue
        entries[number] = _draft(list_name, number, element).finish(list_name)
    head = file.data[:4000].decode("utf-8", errors="replace")
    told = _COUNT.search(head)
    if told and int(told[1]) != place:
        raise IntegrityError(
            f"the list file holds {place} entries and says it holds {told[1]}",
            where=file.where,
            hint="fetch the file again",
        )
    dated = _PUBLISHED.search(head)
    return Reading(
        list=list_name,
        parts=("address", "alternate", "comments", "primary"),
        entries=tuple(entries.values()),
        rejected=tuple(rejected),
        rows_read=place,
        published_on=date(int(dated[3]), int(dated[1]), int(dated[2])) if dated else None,
    )


def _draft(list_name: str, number: str, element: etree._Element) -> EntryDraft:
    kind = (text_of(element, "sdnType") or "entity").lower()
    draft = EntryDraft(number, kind)
    draft.add_name(_name(element), PRIMARY)
    draft.programs = [
        one.text.strip() for one in element.findall("programList/program") if one.text
    ]
    for alias in element.findall("akaList/aka"):
        draft.add_name(_name(alias), _quality(alias))
    for address in element.findall("addressList/address"):
        _add_address(draft, address)
    for path in ("nationalityList/nationality", "citizenshipList/citizenship"):
        for nation in element.findall(path):
            draft.add_country(text_of(nation, "country"))
    for born in element.findall("dateOfBirthList/dateOfBirthItem"):
        draft.birth_dates += birth_dates_of(text_of(born, "dateOfBirth") or "")
    draft.add_remark(text_of(element, "title"))
    for one in element.findall("idList/id"):
        _add_identifier(draft, one)
    draft.add_identifier("call_sign", text_of(element, "vesselInfo/callSign"))
    draft.add_country(text_of(element, "vesselInfo/vesselFlag"))
    remarks = text_of(element, "remarks")
    draft.add_remark(remarks)
    said = parse_remarks(remarks, is_individual=kind == "individual")
    draft.names += said.names
    draft.linked_to += said.linked_to
    draft.listed_on = remarked_listing_date(list_name, draft.programs, said)
    return draft


def _name(element: etree._Element) -> str:
    """`LAST, First` as in the CSV files; a firm has a last name only."""
    parts = (text_of(element, "lastName"), text_of(element, "firstName"))
    return ", ".join(part for part in parts if part)


def _quality(alias: etree._Element) -> str:
    if (text_of(alias, "type") or "").startswith("f"):
        return FORMERLY
    return WEAK if (text_of(alias, "category") or "").lower() == "weak" else STRONG


def _add_address(draft: EntryDraft, address: etree._Element) -> None:
    lines = (text_of(address, f"address{n}") for n in (1, 2, 3))
    town = (text_of(address, part) for part in ("city", "stateOrProvince", "postalCode"))
    draft.add_address(
        ", ".join(filter(None, lines)), ", ".join(filter(None, town)), text_of(address, "country")
    )


def _add_identifier(draft: EntryDraft, one: etree._Element) -> None:
    label, value = text_of(one, "idType") or "", text_of(one, "idNumber") or ""
    country = country_of_name(text_of(one, "idCountry"))
    kind = kind_of_label(label, value)
    if kind:
        draft.add_identifier(kind, value, country)
    else:
        draft.add_remark(f"{label} {value}")
