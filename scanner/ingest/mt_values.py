"""Plain values of MT fields: amounts, dates, statement lines, and why money came back."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from scanner.ingest.fin import Field, UnreadableFinError, swift_date, uetr_in
from scanner.ingest.rows import exact_amount
from scanner.places import is_country

_MONEY = re.compile(r"(?:([0-9]{6}))?([A-Z]{3})([0-9,.]+)")
_RETURNED = re.compile(r"^/(RETN|REJT)/", re.MULTILINE)
_REASON_CODE = re.compile(
    r"^/([A-Z]{2}[0-9]{2}|CUST|DUPL|TECH|FRAD|LEGL|NARR|UPAY|AGNT|CURR|COVR)/", re.MULTILINE
)
_ORIGINAL_UETR = re.compile(r"/UETR/\s*([0-9a-fA-F-]{36})")
_ORIGINAL_REFERENCE = re.compile(r"^/MREF/([^\n/]+)", re.MULTILINE)
_CANCELLED = re.compile(r"^/([A-Z]{2}[A-Z0-9]{2})/")
_ANSWERED = re.compile(r"^/(CNCL|PDCR|RJCR)/(?:\n?/?(?!CNCL|PDCR|RJCR)([A-Z]{2}[A-Z0-9]{2})\b)?")
# Words of a bank that will not pay; `transactions.sql` calls such a reason compliance.
_COMPLIANCE = re.compile(
    r"\b(?:OFAC|SANCTION(?:S|ED)?|COMPLIANCE|EMBARGO(?:ED)?|REGULATORY|RESTRICTED\s+PARTY)\b",
    re.IGNORECASE,
)
RESIDENCES = {"ORDERRES": "debtor", "BENEFRES": "creditor"}
"""Whose residence a code of field 77B tells."""
_RESIDENCE = re.compile(r"^/(ORDERRES|BENEFRES)/([A-Z]{2})(?![A-Z0-9])", re.MULTILINE)
_ENTRY = re.compile(
    r"([0-9]{6})(?:[0-9]{4})?(R?[CD]|E[CD])[A-Z]?([0-9,]+)([A-Z][A-Z0-9]{3})((?s:.*))"
)


def residences(text: str) -> dict[str, str]:
    """Countries of debtor and creditor by the codes of a field 77B: `/ORDERRES/BE//...`."""
    return {
        RESIDENCES[code]: country
        for code, country in _RESIDENCE.findall(text)
        if is_country(country)
    }


def read_money(field: Field) -> tuple[date | None, str, Decimal]:
    """Date, currency and amount of a field 32 or 33.

    Raises:
        UnreadableFinError: One of them cannot be read.
    """
    money = _MONEY.fullmatch(field.value.partition("\n")[0].replace(" ", ""))
    if money is None:
        raise UnreadableFinError("amount", f"field {field.tag} holds no amount: unreadable")
    amount = swift_amount(money[3])
    if amount is None:
        raise UnreadableFinError("amount", f"the amount in field {field.tag} cannot be read")
    day = swift_date(money[1]) if money[1] else None
    if money[1] and day is None:
        raise UnreadableFinError("date", f"the date in field {field.tag} is no date")
    return day, money[2], amount


def swift_amount(text: str) -> Decimal | None:
    """A SWIFT amount: comma for the decimals, which may be missing behind it."""
    if text.count(",") > 1 or ("," in text and "." in text):
        return None
    return exact_amount(text.replace(",", "."))


def read_execution_date(field: Field) -> date:
    """The date of a field 30.

    Raises:
        UnreadableFinError: It is none.
    """
    day = swift_date(field.value.strip())
    if day is None:
        raise UnreadableFinError("date", f"the date in field {field.tag} is no date")
    return day


def read_entry(transaction: dict[str, Any], field: Field) -> str:
    """One line of a statement: what was booked, and the reference of the account's owner.

    Returns:
        The supplementary details, which are free text.

    Raises:
        UnreadableFinError: It is no statement line.
    """
    entry = _ENTRY.fullmatch(field.value)
    amount = swift_amount(entry[3]) if entry else None
    day = swift_date(entry[1]) if entry else None
    if entry is None or amount is None or day is None:
        raise UnreadableFinError("entry", "the statement line in field 61 cannot be read")
    transaction["value_date"], transaction["amount"] = day, amount
    line, _, details = entry[5].partition("\n")
    transaction["related_reference"] = line.split("//")[0].strip() or None
    return details


def read_reason(transaction: dict[str, Any], text: str) -> None:
    """Note a return or reject that a text speaks of, with its reason and its original."""
    marked = _RETURNED.search(text)
    if marked is None:
        return
    transaction["kind"] = "return" if marked[1] == "RETN" else "reject"
    code = _REASON_CODE.search(text)
    transaction["reason_code"] = code[1] if code else None
    transaction["reason_text"] = text
    if uetr := _ORIGINAL_UETR.search(text):
        transaction["uetr"] = uetr_in(uetr[1]) or transaction["uetr"]
    if reference := _ORIGINAL_REFERENCE.search(text):
        transaction["related_reference"] = reference[1].strip()


ABOUT_OTHERS = frozenset({"92", "95", "96", "99"})
"""Endings of messages that speak of another: cancellation, enquiry, answer, free text."""


def read_answer(transaction: dict[str, Any], field: Field, ending: str) -> None:
    """Note why a transfer shall be cancelled, how a request ended, and that sanctions are named.

    Args:
        transaction: Takes status and reason.
        field: A text of the message.
        ending: Last two digits of the message type.
    """
    if ending == "92" and field.number == "79":
        found = _CANCELLED.match(field.value)
    elif ending == "96" and field.number == "76":
        found = _ANSWERED.match(field.value)
        if found:
            transaction["status_code"] = found[1]
    else:
        found = None
    code = found[found.re.groups] if found else None
    if code:
        transaction["reason_code"] = code
    if code or _COMPLIANCE.search(field.value):
        told = transaction.get("reason_text")
        transaction["reason_text"] = (
            field.value if told in (None, field.value) else f"{told}\n{field.value}"
        )
