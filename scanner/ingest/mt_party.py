"""A party field of an MT message: account, BIC, name, address, country, by its option letter.

Option A holds a BIC, B and C an account or a clearing code, D, K and no letter
up to four lines of name and address, F numbered lines (1 name, 2 street,
3 country and town, 4 birth date, 5 birth place, 6 to 8 identifiers).
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from scanner.identifiers import bic_country, iban_country, is_bic
from scanner.ingest.rows import unscreened_reason
from scanner.ingest.rur6 import decode
from scanner.names.folding import fold_text
from scanner.names.legal_forms import split_forms
from scanner.places import country_of_clearing_code, country_of_last_line

_NUMBERED = re.compile(r"^([1-8])/(.*)$")
_CLEARING = re.compile(r"^//([A-Z]{2})(\S*)$")
_PLACE_LINE = re.compile(r"^([A-Z]{2})(?:/(.*))?$")
_FULL_WIDTH = 35
_TAX_NUMBER = re.compile(r"^(?:INN|ИНН)\s*(\d{10}|\d{12})(?:[./ ]*(?:KPP|КПП)\s*\d{9})?[./ ]*")


def read_party(letter: str, value: str, *, is_agent: bool, is_rur6: bool = False) -> dict[str, Any]:
    """Read the field's value.

    Args:
        letter: Option letter, empty for none.
        value: Lines as received.
        is_agent: Whether the role is a bank's.
        is_rur6: Whether names are written in SWIFT-RUR6.

    Returns:
        Values for a row of `parties`, without transaction, role and path.
    """
    if is_rur6 and letter not in ("A", "B", "C", "G"):
        value = _decoded(value)
    party: dict[str, Any] = {"is_agent": is_agent, "raw": value}
    lines = value.split("\n")
    if lines and lines[0].startswith("/"):
        _read_account(party, lines.pop(0))
    if letter in ("A", "G") and lines and is_bic(lines[0].strip()):
        party["bic"] = lines.pop(0).strip()
    elif letter == "F":
        _read_numbered(party, value.split("\n"))
        lines = []
    elif lines and letter in ("C", "H") and len(lines) == 1 and is_bic(lines[0].strip()):
        party["bic"] = lines.pop(0).strip()
    if lines:
        party |= _named("\n".join(lines))
    _country_from_codes(party)
    if reason := unscreened_reason(value):
        party["unscreened"] = reason
    return party


def read_account_owner(value: str) -> dict[str, Any]:
    """Read a field 25: an account and, in option P, the BIC of whose it is."""
    account, *rest = value.split("\n")
    party: dict[str, Any] = {"is_agent": False, "raw": value}
    party["account"] = account.strip().strip("/").strip() or None
    if rest and is_bic(rest[0].strip()):
        party |= {"is_agent": True, "bic": rest[0].strip()}
    _country_from_codes(party)
    return party


@lru_cache(maxsize=50_000)  # the same parties come again and again
def _named(text: str) -> Mapping[str, Any]:
    """Name, address, tax number and country of the lines that tell them."""
    party: dict[str, Any] = {}
    lines = [line for line in text.split("\n") if line.strip()]
    if lines and (found := _TAX_NUMBER.match(lines[0])):
        # Russian banks put INN and KPP before the name.
        party["identifier"] = f"INN:{found[1]}"
        lines[0] = lines[0][found.end() :]
        lines = [line for line in lines if line.strip()]
    if not lines:
        return party
    name, address = _name_and_address(lines)
    party["name"] = name
    party["address"] = ", ".join(address) or None
    if address:
        country = country_of_last_line(address[-1])
        if country:
            party["country"], party["country_source"] = country, "address_text"
    return party


def _name_and_address(lines: list[str]) -> tuple[str, list[str]]:
    """A first line that fills its width goes on in the second, unless its legal form ends it."""
    name, rest = lines[0], lines[1:]
    # A plus at the end says that the rest of the name was cut off.
    goes_on = rest and len(name) >= _FULL_WIDTH and not name.endswith("+")
    if goes_on and _is_cut(name, rest[0]):
        name, rest = name + rest[0], rest[1:]
    return name.strip(), [line.strip() for line in rest]


def _decoded(value: str) -> str:
    """Names and addresses decoded; accounts and clearing codes are no text."""
    return "\n".join(line if line.startswith("/") else decode(line) for line in value.split("\n"))


def _is_cut(name: str, following: str) -> bool:
    """Whether a full line goes on: it ends with no legal form, or the next is the form's rest."""
    words, more = fold_text(name).split(), fold_text(following).split()
    kept, _ = split_forms((*words, *more))
    ends_with_form = len(words) - 1 not in split_forms(tuple(words))[0]
    return not ends_with_form or all(len(words) + i not in kept for i in range(len(more)))


def _read_account(party: dict[str, Any], line: str) -> None:
    clearing = _CLEARING.match(line.strip())
    if clearing:
        party["clearing_code"] = clearing[1] + clearing[2]
        return
    account = line.strip().removeprefix("/C/").removeprefix("/D/").strip("/").strip()
    party["account"] = account or None


def _read_numbered(party: dict[str, Any], lines: list[str]) -> None:
    names: list[str] = []
    streets: list[str] = []
    identifiers: list[str] = []
    if lines and not _NUMBERED.match(lines[0]):
        first = lines.pop(0).strip()
        if first.startswith("/"):
            _read_account(party, first)
        elif first.count("/") >= 2:
            code, _, rest = first.partition("/")
            identifiers.append(f"{code}:{rest}")
    for line in lines:
        numbered = _NUMBERED.match(line.strip())
        if numbered is None:
            streets.append(line.strip())
            continue
        number, content = numbered[1], numbered[2].strip()
        if number == "1":
            names.append(content)
        elif number == "2":
            streets.append(content)
        elif number == "3":
            _read_place(party, content, streets)
        elif number == "4":
            party["birth_date"] = _birth_date(content)
        elif number == "5":
            party["birth_place"] = content or None
        elif number in "678":
            identifiers.append(f"{('CUST', 'NIDN', 'MORE')[int(number) - 6]}:{content}")
    party["name"] = _joined(names)
    party["address"] = ", ".join(street for street in streets if street) or None
    party["identifier"] = "; ".join(identifiers) or None


def _joined(lines: list[str]) -> str | None:
    """Lines of a name as one: a line that fills its width was cut inside a word."""
    name = ""
    for line in lines:
        cut_inside = len(name) >= _FULL_WIDTH - len("1/")
        name += ("" if not name or cut_inside else " ") + line
    return name or None


def _read_place(party: dict[str, Any], content: str, streets: list[str]) -> None:
    place = _PLACE_LINE.match(content)
    if place is None:
        streets.append(content)
        return
    party["country"], party["country_source"] = place[1], "line_3"
    party["town"] = place[2] or None


def _birth_date(content: str) -> date | None:
    try:
        return date(int(content[:4]), int(content[4:6]), int(content[6:8]))
    except ValueError:
        return None


def _country_from_codes(party: dict[str, Any]) -> None:
    if party.get("country"):
        return
    country: str | None = None
    source = ""
    if bic := party.get("bic"):
        country, source = bic_country(bic), "bic"
    if not country and (code := party.get("clearing_code")):
        country, source = country_of_clearing_code(code), "clearing_code"
    if not country and (account := party.get("account")):
        country, source = iban_country(account), "iban"
    if country:
        party["country"], party["country_source"] = country, source
