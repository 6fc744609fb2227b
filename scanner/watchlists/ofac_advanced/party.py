"""One party of OFAC's advanced XML, read with the file's own reference values."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from scanner.places import country_of_name
from scanner.watchlists.entry import FORMERLY, PRIMARY, STRONG, WEAK, Address
from scanner.watchlists.entry_draft import EntryDraft
from scanner.watchlists.identifying import kind_of_label
from scanner.watchlists.ofac_advanced import layout

_NATION_FEATURES = ("nationality country", "citizenship country", "nationality of registration")
_FLAG_FEATURES = ("vessel flag",)


@dataclass(slots=True)
class Document:
    """A registered identifier: its type, number and issuing country."""

    label: str
    number: str
    country: str | None


@dataclass(slots=True)
class Values:
    """The file's reference values, locations and documents, by their numbers."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    party_type_of: dict[str, str] = field(default_factory=dict)
    locations: dict[str, Address] = field(default_factory=dict)
    documents: dict[str, list[Document]] = field(default_factory=lambda: defaultdict(list))

    def add(self, tag: str, element: etree._Element) -> None:
        """Keep a reference value."""
        number = element.get("ID", "")
        shown = (element.text or "").strip()
        self.names[tag, number] = element.get("LegalBasisShortRef") or shown
        code = element.get("ISO2") or (shown if len(shown) == 2 else "")
        country = code or country_of_name(element.get("Description") or shown)
        if country:
            self.codes[tag, number] = country
        if tag == "PartySubType":
            self.party_type_of[number] = element.get("PartyTypeID", "")

    def add_document(self, element: etree._Element) -> None:
        """Keep a registered identifier under the identity that bears it."""
        number = (element.findtext("IDRegistrationNo") or "").strip()
        label = self.name("IDRegDocType", element.get("IDRegDocTypeID"))
        country = self.country("Country", element.get("IssuedBy-CountryID"))
        if number:
            self.documents[element.get("IdentityID", "")].append(Document(label, number, country))

    def name(self, tag: str, number: str | None) -> str:
        """Name of a reference value; empty where the file does not give it."""
        return self.names.get((tag, number or ""), "")

    def country(self, tag: str, number: str | None) -> str | None:
        """ISO 3166 alpha-2 of a country or area."""
        found = self.codes.get((tag, number or ""))
        return country_of_name(found or self.name(tag, number))


def party_draft(element: etree._Element, values: Values) -> EntryDraft | None:
    """Read a party; None where it has no profile."""
    profile = element.find("Profile")
    if profile is None or not profile.get("ID"):
        return None
    draft = EntryDraft(profile.get("ID", ""), _entry_type(profile, values))
    draft.add_remark(element.findtext("Comment"))
    for identity in profile.findall("Identity"):
        if identity.get("False") != "true":
            _add_names(draft, identity, values)
            for document in values.documents.get(identity.get("ID", ""), ()):
                _add_labelled(draft, document.label, document.number, document.country)
    for feature in profile.findall("Feature"):
        _add_feature(draft, feature, values)
    return draft


def _entry_type(profile: etree._Element, values: Values) -> str:
    sub_type = profile.get("PartySubTypeID", "")
    told = (
        values.name("PartySubType", sub_type),
        values.name("PartyType", values.party_type_of.get(sub_type)),
    )
    for name in (one.lower() for one in told):
        for kind in ("vessel", "aircraft", "individual", "entity"):
            if kind in name:
                return kind
    return "entity"


def _add_names(draft: EntryDraft, identity: etree._Element, values: Values) -> None:
    kinds = {
        group.get("ID", ""): values.name("NamePartType", group.get("NamePartTypeID")).lower()
        for group in identity.findall("NamePartGroups/MasterNamePartGroup/NamePartGroup")
    }
    for alias in identity.findall("Alias"):
        kind = values.name("AliasType", alias.get("AliasTypeID")).lower()
        quality = STRONG
        if alias.get("Primary") == "true":
            quality = PRIMARY
        elif kind.startswith("f"):
            quality = FORMERLY
        elif alias.get("LowQuality") == "true":
            quality = WEAK
        for position, documented in enumerate(alias.findall("DocumentedName")):
            name = _name(documented, kinds)
            # The same name in another script stands beside the Latin one.
            draft.add_name(name, STRONG if position and quality == PRIMARY else quality)


def _name(documented: etree._Element, kinds: dict[str, str]) -> str:
    """`LAST, First Middle` as in the CSV files; a firm's name as it is."""
    last: list[str] = []
    others: list[str] = []
    for part in documented.findall("DocumentedNamePart/NamePartValue"):
        kind = kinds.get(part.get("NamePartGroupID", ""), "")
        (last if kind in layout.LAST_PARTS else others).append((part.text or "").strip())
    return ", ".join(" ".join(filter(None, group)) for group in (last, others) if any(group))


def _add_feature(draft: EntryDraft, feature: etree._Element, values: Values) -> None:
    label = values.name("FeatureType", feature.get("FeatureTypeID"))
    lowered = label.lower()
    for version in feature.findall("FeatureVersion"):
        told = [detail for d in version.findall("VersionDetail") if (detail := _detail(d, values))]
        places = [
            values.locations[number]
            for location in version.findall("VersionLocation")
            if (number := location.get("LocationID", "")) in values.locations
        ]
        if lowered.startswith("birthdate"):
            draft.birth_dates += [day for p in version.findall("DatePeriod") for day in _period(p)]
        elif lowered in _NATION_FEATURES or lowered in _FLAG_FEATURES:
            for country in [p.country for p in places] + told:
                draft.add_country(country)
        elif lowered == "location":
            draft.addresses += places
        else:
            for text in told:
                _add_labelled(draft, label, text, None)


def _detail(detail: etree._Element, values: Values) -> str:
    text = (detail.text or "").strip()
    return text or values.name("DetailReference", detail.get("DetailReferenceID"))


def _add_labelled(draft: EntryDraft, label: str, value: str, country: str | None) -> None:
    kind = kind_of_label(label, value)
    if kind is None and label.lower().startswith("vessel call sign"):
        kind = "call_sign"
    if kind:
        draft.add_identifier(kind, value, country)
    else:
        draft.add_remark(f"{label} {value}")


def _period(period: etree._Element) -> list[str]:
    days = [
        found
        for path in ("Start/From", "End/To")
        if (element := period.find(path)) is not None and (found := day_of(element))
    ]
    if not days:
        return []
    first, last = days[0], days[-1]
    if first == last:
        return [first.isoformat()]
    if first.year == last.year and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return [str(first.year)]
    years = range(first.year, last.year + 1)
    return [str(year) for year in years] if len(years) <= 15 else [str(first.year), str(last.year)]


def day_of(element: etree._Element) -> date | None:
    """The day that Year, Month and Day elements give."""
    parts = [(element.findtext(part) or "").strip() for part in ("Year", "Month", "Day")]
    try:
        return date(*(int(part) for part in parts))
    except (ValueError, TypeError):
        return None
