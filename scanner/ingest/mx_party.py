"""A party element of an ISO 20022 message: name, address, codes, account and country.

Versions differ in wrappers (`Pty`, `Agt`) and in names of the same thing (BIC,
BICFI, BICOrBEI, AnyBIC); all of them are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lxml import etree

from scanner.identifiers import bic_country, iban_country
from scanner.ingest.mx_elements import NOT_READ
from scanner.ingest.rows import unscreened_reason
from scanner.places import country_of_clearing_code, country_of_last_line, is_country

_LOCAL_NAMES: dict[str, str] = {}
_BICS = frozenset({"BICFI", "BIC", "AnyBIC", "BICOrBEI", "BEI"})
_STRUCTURE = frozenset(
    {"FinInstnId", "BrnchId", "PstlAdr", "CtctDtls", "CtryOfRes", "PrvtId", "OrgId"}
)
_PHONES = frozenset({"PhneNb", "MobNb", "FaxNb"})
_IDENTIFIERS = {"TaxId": "TXID", "RegnId": "REGN"}
"""Identifiers of the parties of a tax, by the scheme that they are kept under."""
NOT_PROVIDED = "NOTPROVIDED"
"""What translations from MT write where an element must be there and nothing is known."""
PLACEHOLDER_TOWN = "CUTOVER2026"
"""What the market practice group writes where a town is not known yet."""

Leaf = tuple[Any, str, str]
"""A leaf with its local name and text."""


def local_name(element: etree._Element) -> str:
    """Name without namespace."""
    tag = str(element.tag)
    name = _LOCAL_NAMES.get(tag)
    if name is None:
        name = tag.rpartition("}")[2]
        if len(_LOCAL_NAMES) < 10_000:  # hostile files may invent names without end
            _LOCAL_NAMES[tag] = name
    return name


def is_party(element: etree._Element) -> bool:
    """Whether an element that no table names is built as a party."""
    names = {local_name(child) for child in unwrapped(element)}
    return bool(names & _STRUCTURE) or ("Nm" in names and bool(names & {"Id", "LEI"}))


def unwrapped(element: etree._Element) -> etree._Element:
    """The element inside `Pty` or `Agt`."""
    for child in element:
        if local_name(child) in ("Pty", "Agt"):
            return unwrapped(child)
    return element


@dataclass
class Told:
    """What an element says of a party: texts as they stand, nothing decided yet.

    Attributes:
        is_agent: Whether it is a bank.
        name: Name.
        town: Town.
        country: Country of the address.
        lei: Legal entity identifier.
        account: Number of the account beside it.
        birth_date: Day of birth.
        birth_country: Country of birth.
        birth_town: Town of birth.
        bics: BICs, of which the first that is one counts.
        residences: Countries of residence, of which the first that is one counts.
        clearing: System and number of the bank's clearing codes, of which the last counts.
        identifiers: Scheme and value of other identifiers.
        phones: Numbers of telephones.
        street: Lines of the address but town and country.
        rest: Leaves that are no part of it, such as contact details.
    """

    is_agent: bool = False
    name: str | None = None
    town: str | None = None
    country: str | None = None
    lei: str | None = None
    account: str | None = None
    birth_date: str | None = None
    birth_country: str | None = None
    birth_town: str | None = None
    bics: list[str] = field(default_factory=list)
    residences: list[str] = field(default_factory=list)
    clearing: list[tuple[str, str]] = field(default_factory=list)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    street: list[str] = field(default_factory=list)
    rest: list[Leaf] = field(default_factory=list)


def told_of(element: etree._Element, account: etree._Element | None) -> Told:
    """What is told of a party.

    Args:
        element: The element of its role.
        account: The account element beside it.
    """
    inner = unwrapped(element)
    children = {local_name(child): child for child in inner}
    bank = children.get("FinInstnId")
    told = Told(is_agent=bank is not None, account=_account_number(account))
    _read(inner if bank is None else bank, told)
    if bank is not None and (branch := children.get("BrnchId")) is not None:
        of_branch = Told(street=told.street, rest=told.rest)
        _read(branch, of_branch)
        for key in ("name", "town", "country", "lei"):
            if getattr(told, key) is None:
                setattr(told, key, getattr(of_branch, key))
    return told


def values_of(told: Told) -> dict[str, Any]:
    """Values for a row of `parties`, without transaction, role, level and path."""
    values: dict[str, Any] = {"is_agent": told.is_agent, "account": told.account}
    lines = [told.name, *told.street, told.town, told.country, *told.phones]
    raw = "\n".join(filter(None, lines))
    born = [told.birth_country, told.birth_town]
    identifiers = [f"{scheme}:{value}" for scheme, value in told.identifiers]
    made = {
        "name": told.name,
        "bic": next((bic for bic in told.bics if bic != NOT_PROVIDED), None),
        "lei": told.lei,
        "town": None if told.town == PLACEHOLDER_TOWN else told.town,
        "birth_date": iso_date(told.birth_date) if told.birth_date else None,
        "birth_place": "/".join(filter(None, born)),
        "clearing_code": "".join(f"{s[:2]}{number}" for s, number in told.clearing[-1:]),
        "identifier": "; ".join(identifiers),
        "raw": raw,
        "address": ", ".join(filter(None, [*told.street, told.town])),
    }
    values |= {key: value or None for key, value in made.items()}
    if reason := unscreened_reason(raw):
        values["unscreened"] = reason
    _add_country(values, told)
    return values


def is_told(values: Mapping[str, Any]) -> bool:
    """Whether anything is told that makes a row."""
    told = ("raw", "bic", "account", "clearing_code", "lei", "identifier")
    return any(values.get(key) for key in told)


def account_alone(account: etree._Element) -> dict[str, Any]:
    """Values of a party of which only the account is told."""
    values: dict[str, Any] = {"account": _account_number(account)}
    _add_country(values, Told())
    return values


def _read(element: etree._Element, told: Told) -> None:
    """Take name, address and codes; keep what is left."""
    for child in element:
        name = local_name(child)
        if name == "PstlAdr":
            _read_address(child, told)
        elif name == "ClrSysMmbId":
            _read_clearing(child, told)
        elif name == "Othr":
            _read_identifier(child, told)
        elif name == "CtctDtls" and len(child):
            _keep(child, told)
        elif len(child):
            _read(child, told)
        elif text := (child.text or "").strip():
            _read_leaf(child, name, text, told)


def _read_leaf(leaf: etree._Element, name: str, text: str, told: Told) -> None:
    if name == "Nm":
        told.name = told.name or text
    elif name in _BICS:
        told.bics.append(text)
    elif name == "LEI":
        told.lei = told.lei or text
    elif name in _IDENTIFIERS:
        told.identifiers.append((_IDENTIFIERS[name], text))
    elif name == "BirthDt":
        told.birth_date = text
    elif name == "CtryOfBirth":
        told.birth_country = text
    elif name == "CityOfBirth":
        told.birth_town = text
        told.rest.append((leaf, name, text))
    elif name == "CtryOfRes":
        told.residences.append(text)
    elif name != "Id":
        told.rest.append((leaf, name, text))


def _keep(element: etree._Element, told: Told) -> None:
    for leaf in element.iter(etree.Element):
        text = (leaf.text or "").strip()
        if text and not len(leaf) and local_name(leaf) in _PHONES:
            told.phones.append(text)
        elif text and not len(leaf):
            told.rest.append((leaf, local_name(leaf), text))


def _read_address(address: etree._Element, told: Told) -> None:
    leaves = (leaf for part in address if local_name(part) not in NOT_READ for leaf in part.iter())
    for part in leaves:
        name, text = local_name(part), (part.text or "").strip()
        if not text or len(part):
            continue
        if name == "TwnNm":
            told.town = text
        elif name == "Ctry":
            told.country = text
        else:
            told.street.append(text)


def _read_clearing(member: etree._Element, told: Told) -> None:
    system, number = "", ""
    for leaf in member.iter(etree.Element):
        text = (leaf.text or "").strip()
        if local_name(leaf) == "MmbId":
            number = text
        elif local_name(leaf) in ("Cd", "Prtry") and text:
            system = text
    if system or number:
        told.clearing.append((system, number))


def _read_identifier(other: etree._Element, told: Told) -> None:
    value, scheme = "", "OTHR"
    for leaf in other.iter(etree.Element):
        name, text = local_name(leaf), (leaf.text or "").strip()
        if name == "Id" and not value:
            value = text
        elif name in ("Cd", "Prtry") and text:
            scheme = text
    if value:
        told.identifiers.append((scheme, value))


def iso_date(text: str) -> date | None:
    """The date of an ISO 8601 date or time; None if it is none."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _account_number(account: etree._Element | None) -> str | None:
    if account is None:
        return None
    for leaf in account.iter("{*}IBAN", "{*}Id", "IBAN", "Id"):
        text = (leaf.text or "").strip()
        if text and not len(leaf):
            return text
    return None


def clearing_country(system: str) -> str | None:
    """Country of a clearing system; codes of the external set begin with it: USABA, RUCBC."""
    return system[:2] if len(system) == 5 and is_country(system[:2]) else None


def _add_country(values: dict[str, Any], told: Told) -> None:
    account = values.get("account")
    systems = filter(None, (clearing_country(system) for system, _ in told.clearing[::-1]))
    signals = (
        ("structured", told.country if told.country and is_country(told.country) else None),
        ("address_text", country_of_last_line(told.street[-1]) if told.street else None),
        ("structured", next(filter(is_country, told.residences), None)),
        ("bic", bic_country(values.get("bic"))),
        ("clearing_code", next(systems, None)),
        ("clearing_code", country_of_clearing_code(values.get("clearing_code"))),
        ("iban", iban_country(account)),
    )
    for source, country in signals:
        if country:
            values["country"], values["country_source"] = country, source
            return
