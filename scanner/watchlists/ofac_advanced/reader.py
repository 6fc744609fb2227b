"""Reads OFAC's advanced XML, element by element."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from lxml import etree

from scanner.places import country_of_name, is_country
from scanner.watchlists.entry import UNMATCHED, Address, Entry, Holding, Reading, RejectedRow
from scanner.watchlists.entry_draft import EntryDraft
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.markup import elements
from scanner.watchlists.ofac_advanced import layout
from scanner.watchlists.ofac_advanced.party import Values, day_of, party_draft

_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*(?:%|percent)", re.IGNORECASE)
_TOP = (
    *layout.VALUE_ELEMENTS,
    "DateOfIssue",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "ProfileRelationship",
    "SanctionsEntry",
)


@dataclass(slots=True)
class _Listing:
    """What a SanctionsEntry says of a profile."""

    listed_on: date | None = None
    programs: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Read:
    """What was read so far; parties are made into drafts as they come."""

    values: Values = field(default_factory=Values)
    drafts: dict[str, EntryDraft] = field(default_factory=dict)
    listings: dict[str, _Listing] = field(default_factory=dict)
    links: list[tuple[str, str, str, str]] = field(default_factory=list)
    published_on: date | None = None
    parties: int = 0


def read(list_name: str, files: Mapping[str, ListFile]) -> Reading:
    """Read the list.

    Raises:
        IntegrityError: The file is not whole.
    """
    file = files["advanced"]
    state = _Read()
    for element in elements(file, _TOP):
        _take(element, state)
    entries: list[Entry] = []
    rejected: list[RejectedRow] = []
    for number, draft in state.drafts.items():
        listing = state.listings.get(number)
        if listing is None:
            reason = f"profile {number} has no listing"
            rejected.append(RejectedRow(file.name, 0, UNMATCHED, reason))
            continue
        draft.programs, draft.listed_on = listing.programs, listing.listed_on
        draft.remarks += listing.remarks
        entries.append(_finished(draft, list_name))
    entries, holdings = _linked(entries, state)
    return Reading(
        list=list_name,
        parts=("address", "alternate", "comments", "primary"),
        entries=tuple(entries),
        rejected=tuple(rejected),
        rows_read=state.parties,
        published_on=state.published_on,
        holdings=tuple(holdings),
    )


def _take(element: etree._Element, state: _Read) -> None:
    tag = str(element.tag)
    if tag in layout.VALUE_ELEMENTS:
        state.values.add(tag, element)
    elif tag == "DateOfIssue":
        state.published_on = day_of(element)
    elif tag == "Location":
        state.values.locations[element.get("ID", "")] = _location(element, state.values)
    elif tag == "IDRegDocument":
        state.values.add_document(element)
    elif tag == "DistinctParty":
        state.parties += 1
        draft = party_draft(element, state.values)
        if draft:
            state.drafts[draft.number] = draft
    elif tag == "ProfileRelationship" and element.get("Former") != "true":
        relation = state.values.name("RelationType", element.get("RelationTypeID"))
        comment = element.findtext("Comment") or ""
        ends = element.get("From-ProfileID", ""), element.get("To-ProfileID", "")
        state.links.append((*ends, relation.lower(), comment))
    elif tag == "SanctionsEntry":
        _take_listing(element, state)


def _take_listing(element: etree._Element, state: _Read) -> None:
    listing = state.listings.setdefault(element.get("ProfileID", ""), _Listing())
    for event in element.findall("EntryEvent"):
        dated = event.find("Date")
        day = day_of(dated) if dated is not None else None
        if day and (listing.listed_on is None or day < listing.listed_on):
            listing.listed_on = day
        basis = state.values.name("LegalBasis", event.get("LegalBasisID"))
        if basis:
            listing.remarks.append(basis)
    for measure in element.findall("SanctionsMeasure"):
        kind = state.values.name("SanctionsType", measure.get("SanctionsTypeID"))
        comment = (measure.findtext("Comment") or "").strip()
        if comment and kind.lower() == "program":
            listing.programs.append(comment)
        elif comment or kind:
            listing.remarks.append(f"{kind} {comment}".strip())


def _location(element: etree._Element, values: Values) -> Address:
    parts: dict[str, str] = {}
    for part in element.findall("LocationPart"):
        kind = values.name("LocPartType", part.get("LocPartTypeID")).upper()
        value = part.findtext("LocationPartValue/Value")
        if value:
            parts[kind] = value.strip()
    country = None
    for tag, attribute, kind in (
        ("LocationCountry", "CountryID", "Country"),
        ("LocationAreaCode", "AreaCodeID", "AreaCode"),
    ):
        found = element.find(tag)
        if found is not None and country is None:
            country = values.country(kind, found.get(attribute))
    street = ", ".join(parts[p] for p in layout.STREET_PARTS if p in parts)
    town = ", ".join(parts[p] for p in layout.TOWN_PARTS if p in parts)
    return Address(street or None, town or None, country)


def _finished(draft: EntryDraft, list_name: str) -> Entry:
    entry = draft.finish(list_name)
    return replace(entry, countries=tuple(c for c in entry.countries if is_country(c)))


def _linked(entries: list[Entry], state: _Read) -> tuple[list[Entry], list[Holding]]:
    """Turn relationships into holdings, and name the other end in the entry."""
    names = {entry.number: entry.name or "" for entry in entries}
    linked: dict[str, list[str]] = {}
    holdings = []
    for owned, owner, relation, comment in state.links:
        if owned not in names or owner not in names:
            continue
        linked.setdefault(owned, []).append(names[owner])
        if relation in layout.OWNERSHIP:
            share = _PERCENT.search(comment)
            percent = float(share[1].replace(",", ".")) if share else None
            holdings.append(
                Holding(
                    owner_name=names[owner],
                    owner_number=owner,
                    owned_name=names[owned],
                    owned_number=owned,
                    owned_country=country_of_name(None),
                    share_percent=percent if percent is None or percent <= 100 else None,
                )
            )
    with_links = [replace(e, linked_to=tuple(linked.get(e.number, ()))) for e in entries]
    return with_links, holdings
