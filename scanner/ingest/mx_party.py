"""A party element of an ISO 20022 message: name, address, codes, account and country.

Versions differ in wrappers (`Pty`, `Agt`) and in names of the same thing (BIC,
BICFI, BICOrBEI, AnyBIC); all of them are read.
"""

from datetime import date
from typing import Any

from lxml import etree

from scanner.identifiers import bic_country, iban_country, is_iban
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
_NOT_PROVIDED = "NOTPROVIDED"
"""What translations from MT write where an element must be there and nothing is known."""
_PLACEHOLDER_TOWN = "CUTOVER2026"
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


def read_party(
    element: etree._Element, account: etree._Element | None
) -> tuple[dict[str, Any], list[Leaf]]:
    """Read a party.

    Args:
        element: The element of its role.
        account: The account element beside it.

    Returns:
        Values for a row of `parties`, without transaction, role, level and path; and the
        leaves that are no part of them, such as contact details.
    """
    inner = unwrapped(element)
    children = {local_name(child): child for child in inner}
    bank = children.get("FinInstnId")
    values: dict[str, Any] = {"is_agent": bank is not None}
    rest: list[Leaf] = []
    street: list[str] = []
    _Reader(values, street, rest).read(inner if bank is None else bank)
    if bank is not None:
        branch_values: dict[str, Any] = {}
        branch = children.get("BrnchId")
        if branch is not None:
            _Reader(branch_values, street, rest).read(branch)
            values["name"] = values.get("name") or branch_values.get("name")
            for key in ("town", "told_country", "lei"):
                if key in branch_values:
                    values.setdefault(key, branch_values[key])
    values["account"] = _account_number(account)
    born = [values.pop(key, None) for key in ("birth_country", "birth_town")]
    if any(born):
        values["birth_place"] = "/".join(filter(None, born))
    values["raw"] = _raw(values, street)
    if reason := unscreened_reason(values["raw"] or ""):
        values["unscreened"] = reason
    values["address"] = ", ".join([*street, *filter(None, [values.get("town")])]) or None
    if values.get("town") == _PLACEHOLDER_TOWN:
        values["town"] = None
    _add_country(values, street)
    return values, rest


def account_alone(account: etree._Element) -> dict[str, Any]:
    """Values of a party of which only the account is told."""
    values: dict[str, Any] = {"account": _account_number(account)}
    _add_country(values, [])
    return values


class _Reader:
    """Reads one element that names a party."""

    def __init__(self, values: dict[str, Any], street: list[str], rest: list[Leaf]) -> None:
        self._values, self._street, self._rest = values, street, rest

    def read(self, element: etree._Element) -> None:
        """Take name, address and codes; keep what is left."""
        for child in element:
            name = local_name(child)
            if name == "PstlAdr":
                self._address(child)
            elif name == "ClrSysMmbId":
                self._clearing(child)
            elif name == "Othr":
                self._identifier(child)
            elif len(child):
                self.read(child) if name != "CtctDtls" else self._keep(child)
            elif text := (child.text or "").strip():
                self._leaf(child, name, text)

    def _leaf(self, leaf: etree._Element, name: str, text: str) -> None:
        if name == "Nm":
            self._values.setdefault("name", text)
        elif name in _BICS:
            if text == _NOT_PROVIDED:
                return
            self._values.setdefault("bic", text)
        elif name == "LEI":
            self._values.setdefault("lei", text)
        elif name in _IDENTIFIERS:
            told = self._values.get("identifier")
            kept = f"{_IDENTIFIERS[name]}:{text}"
            self._values["identifier"] = "; ".join(filter(None, [told, kept]))
        elif name == "BirthDt":
            self._values["birth_date"] = iso_date(text)
        elif name == "CtryOfBirth":
            self._values["birth_country"] = text
        elif name == "CityOfBirth":
            self._values["birth_town"] = text
            self._rest.append((leaf, name, text))
        elif name == "CtryOfRes":
            if is_country(text):
                self._values.setdefault("residence", text)
        elif name != "Id":
            self._rest.append((leaf, name, text))

    def _keep(self, element: etree._Element) -> None:
        for leaf in element.iter(etree.Element):
            text = (leaf.text or "").strip()
            if text and not len(leaf) and local_name(leaf) in _PHONES:
                self._values.setdefault("phones", []).append(text)
            elif text and not len(leaf):
                self._rest.append((leaf, local_name(leaf), text))

    def _address(self, address: etree._Element) -> None:
        leaves = (
            leaf for part in address if local_name(part) not in NOT_READ for leaf in part.iter()
        )
        for part in leaves:
            name, text = local_name(part), (part.text or "").strip()
            if not text or len(part):
                continue
            if name == "TwnNm":
                self._values["town"] = text
            elif name == "Ctry":
                self._values["told_country"] = text
            else:
                self._street.append(text)

    def _clearing(self, member: etree._Element) -> None:
        system, number = "", ""
        for leaf in member.iter(etree.Element):
            text = (leaf.text or "").strip()
            if local_name(leaf) == "MmbId":
                number = text
            elif local_name(leaf) in ("Cd", "Prtry") and text:
                system = text
        if system or number:
            self._values["clearing_code"] = f"{system[:2]}{number}"
            # The codes of the external set begin with the country: USABA, RUCBC, GBDSC.
            if len(system) == 5 and is_country(system[:2]):
                self._values["clearing_country"] = system[:2]

    def _identifier(self, other: etree._Element) -> None:
        value, scheme = "", "OTHR"
        for leaf in other.iter(etree.Element):
            name, text = local_name(leaf), (leaf.text or "").strip()
            if name == "Id" and not value:
                value = text
            elif name in ("Cd", "Prtry") and text:
                scheme = text
        if value:
            told = self._values.get("identifier")
            self._values["identifier"] = "; ".join(filter(None, [told, f"{scheme}:{value}"]))


def iso_date(text: str) -> date | None:
    """The date of an ISO 8601 date or time; None if it is none."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _raw(values: dict[str, Any], street: list[str]) -> str | None:
    phones = values.pop("phones", [])
    lines = [values.get("name"), *street, values.get("town"), values.get("told_country"), *phones]
    return "\n".join(line for line in lines if line) or None


def _account_number(account: etree._Element | None) -> str | None:
    if account is None:
        return None
    for leaf in account.iter("{*}IBAN", "{*}Id", "IBAN", "Id"):
        text = (leaf.text or "").strip()
        if text and not len(leaf):
            return text
    return None


def _add_country(values: dict[str, Any], street: list[str]) -> None:
    told, residence, clearing = (
        values.pop(key, None) for key in ("told_country", "residence", "clearing_country")
    )
    account = values.get("account")
    signals = (
        ("structured", told if told and is_country(told) else None),
        ("address_text", country_of_last_line(street[-1]) if street else None),
        ("structured", residence),
        ("bic", bic_country(values.get("bic"))),
        ("clearing_code", clearing),
        ("clearing_code", country_of_clearing_code(values.get("clearing_code"))),
        ("iban", iban_country(account) if account and is_iban(account) else None),
    )
    for source, country in signals:
        if country:
            values["country"], values["country_source"] = country, source
            return
