"""An entry in the making, for lists that tell of one entry in several rows or elements."""

from dataclasses import dataclass, field
from datetime import date

from scanner.identifiers import bic_country
from scanner.places import country_of_name
from scanner.watchlists.entry import (
    PRIMARY,
    STRONG,
    Address,
    Entry,
    Identifier,
    ListName,
    distinct,
)
from scanner.watchlists.identifying import identifier
from scanner.watchlists.programs import measure_of

_QUALITY_ORDER = (PRIMARY, STRONG, "formerly", "weak")


@dataclass(slots=True)
class EntryDraft:
    """Collects what the rows of one entry say; `finish` makes the entry.

    Attributes:
        number: The publisher's number.
        tags: What decides the measure, where it is more than the programs.
    """

    number: str
    entry_type: str = "entity"
    names: list[ListName] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    birth_dates: list[str] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    linked_to: list[str] = field(default_factory=list)
    listed_on: date | None = None

    def add_name(self, name: str | None, quality: str = STRONG) -> None:
        """Add a name; the first primary one names the entry."""
        kept = " ".join((name or "").split())
        if kept:
            self.names.append(ListName(kept, quality))

    def add_identifier(self, kind: str, value: str | None, country: str | None = None) -> None:
        """Add an identifier in its compared form."""
        made = identifier(kind, value, country) if value else None
        if made:
            self.identifiers.append(made)

    def add_address(self, address: str | None, town: str | None, country: str | None) -> None:
        """Add an address; the country may be a name or a code."""
        street, place = _joined(address), _joined(town)
        iso = country_of_name(country)
        if street or place or iso:
            self.addresses.append(Address(street, place, iso))

    def add_country(self, country: str | None) -> None:
        """Add a nationality or a country of registration, by name or code."""
        iso = country_of_name(country)
        if iso:
            self.countries.append(iso)

    def add_remark(self, remark: str | None) -> None:
        """Add a remark."""
        kept = " ".join((remark or "").split())
        if kept:
            self.remarks.append(kept)

    def finish(self, list_name: str) -> Entry:
        """Make the entry: names ordered by quality, nothing twice."""
        ordered = sorted(self.names, key=lambda n: _QUALITY_ORDER.index(n.quality))
        names: dict[str, ListName] = {}
        for name in ordered:
            names.setdefault(name.name, name)
        if names and ordered[0].quality != PRIMARY:
            first = ordered[0].name
            names[first] = ListName(first, PRIMARY)
        addresses = tuple(dict.fromkeys(self.addresses))
        remarks = "; ".join(distinct(self.remarks)) or None
        programs = distinct(self.programs)
        banks = [bic_country(i.value) for i in self.identifiers if i.kind == "bic"]
        return Entry(
            number=self.number,
            name=next(iter(names), None),
            entry_type=self.entry_type if names else "address",
            programs=programs,
            measure=measure_of(list_name, self.tags or programs, remarks),
            names=tuple(names.values()),
            identifiers=tuple(dict.fromkeys(self.identifiers)),
            addresses=addresses,
            countries=distinct([*(a.country for a in addresses), *self.countries, *banks]),
            birth_dates=distinct(self.birth_dates),
            remarks=remarks,
            listed_on=self.listed_on,
            listed_on_source="publisher" if self.listed_on else None,
            linked_to=distinct(self.linked_to),
        )


def _joined(text: str | None) -> str | None:
    return " ".join((text or "").split()).strip(" ,") or None


def iso_date(text: str | None) -> date | None:
    """A date written YYYY-MM-DD (a time may follow), or DD/MM/YYYY; None for anything else."""
    value = (text or "").strip()
    try:
        if len(value) >= 10 and value[4] == "-":
            return date.fromisoformat(value[:10])
        if len(value) == 10 and value[2] == value[5] == "/":
            return date(int(value[6:]), int(value[3:5]), int(value[:2]))
    except ValueError:
        return None
    return None
