"""What a list says, whatever its layout: one `Entry` for each listed person, firm or ship.

Every reader gives a `Reading`: the entries, and each row it could not use with
the reason, so that rows read = rows used + rows refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

PRIMARY, STRONG, WEAK, FORMERLY = "primary", "strong", "weak", "formerly"
UNREADABLE, UNMATCHED = "unreadable", "unmatched"


@dataclass(frozen=True, slots=True)
class ListName:
    """A name as published, and how good it is: primary, strong, weak or formerly."""

    name: str
    quality: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier: kind, value (upper case, no separators) and the issuer's ISO country."""

    kind: str
    value: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """An address as published, with the ISO 3166 alpha-2 code of its country."""

    address: str | None
    town: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Measure:
    """What being on a list means.

    Attributes:
        measure: blocking, menu_based, sectoral, correspondent_account, export_control or other.
        eo14024_blocked: Blocked under E.O. 14024.
        section_11_remark: The entry carries the remark on section 11 of E.O. 14024.
        designation_basis: Sector of the designation, where the list states it.
    """

    measure: str
    eo14024_blocked: bool
    section_11_remark: bool
    designation_basis: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list.

    Attributes:
        number: The publisher's number; unique in its list.
        name: Primary name as published; None for an address without a name.
        entry_type: entity, individual, vessel, aircraft or address.
        programs: Sanctions programs as the publisher spells them.
        measure: What the listing means.
        names: All names, the primary one first.
        birth_dates: YYYY, YYYY-MM or YYYY-MM-DD.
        countries: ISO 3166 alpha-2 of addresses, nationality and registration.
        listed_on: Date of listing, where the list gives one.
        linked_to: Names of other entries that this one is said to be linked to.
    """

    number: str
    name: str | None
    entry_type: str
    programs: tuple[str, ...]
    measure: Measure
    names: tuple[ListName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    countries: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    remarks: str | None = None
    listed_on: date | None = None
    listed_on_source: str | None = None
    linked_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """A share in a firm that a list states; numbers are those of the list's entries."""

    owner_name: str
    owner_number: str | None
    owned_name: str
    owned_number: str | None
    owned_country: str | None = None
    share_percent: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not be used, and why.

    Attributes:
        file: File name as found.
        row: Row in the file, from 1; 0 where the layout has no rows.
        code: unreadable (its shape is wrong) or unmatched (its entry is not in the list).
        reason: What is wrong, in words.
    """

    file: str
    row: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one version of one list.

    Attributes:
        list: Name of the list, such as OFAC-SDN.
        parts: Parts that were there, such as primary and alternate.
        entries: Entries in the publisher's order.
        rejected: Rows that were not used.
        rows_read: Rows of all files, the rejected ones included.
        published_on: Date the publisher gives in the file.
        holdings: Shares between entries.
        notes: What a person should know, such as a part that is missing.
    """

    list: str
    parts: tuple[str, ...]
    entries: tuple[Entry, ...]
    rejected: tuple[RejectedRow, ...]
    rows_read: int
    published_on: date | None = None
    holdings: tuple[Holding, ...] = ()
    notes: tuple[str, ...] = ()


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """Values without the missing and the repeated ones, in their first order."""
    return tuple(dict.fromkeys(value for value in values if value))
