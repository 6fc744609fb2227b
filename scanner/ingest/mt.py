"""One FIN message as rows: header facts, transactions, parties and texts.

Sequences stay apart: in a 202 COV or 205 COV the banks' transfer is sequence A
and the underlying customer transfer sequence B, from the first field 50a on.
MT101, 102, 201 and 203 hold one transaction from each field 21 on.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from scanner.identifiers import bic_country
from scanner.ingest.fin import Field, FinMessage, UnreadableFinError, swift_date, uetr_in
from scanner.ingest.mt_fields import (
    AGENT_ROLES_1XX,
    AGENT_ROLES_2XX,
    AGENT_ROLES_7XX,
    CUSTOMER_ROLES,
    KINDS,
    KINDS_BY_ENDING,
    NOT_TEXT,
    TEXT_KINDS,
)
from scanner.ingest.mt_party import read_party
from scanner.ingest.rows import Rows
from scanner.ingest.rur6 import decode, looks_like_rur6

_MONEY = re.compile(r"^(?:(\d{6}))?([A-Z]{3})([\d,.]+)$")
_REASON = re.compile(r"^/(RETN|REJT)/", re.MULTILINE)
_REASON_CODE = re.compile(
    r"^/([A-Z]{2}\d{2}|CUST|DUPL|TECH|FRAD|LEGL|NARR|UPAY|AGNT|CURR|COVR)/", re.MULTILINE
)
_ENTRY = re.compile(r"^(\d{6})(?:\d{4})?(R?[CD]|E[CD])[A-Z]?([\d,]+)([A-Z][A-Z0-9]{3})((?s:.*))$")
_CHARGE_BEARERS = {"OUR": "DEBT", "BEN": "CRED", "SHA": "SHAR"}
_LISTS_OF_TRANSFERS = ("101", "102", "201", "203", "104", "107")
_STATEMENTS = ("940", "942", "950")
_CODED = ("23", "26", "71")
_MONEY_EXPECTED = ("103", "200", "202", "205", "700", "710", "720")


def read_mt(message: FinMessage, message_row: dict[str, Any]) -> Rows:
    """Turn a message's fields into rows.

    Args:
        message: The message as its blocks and fields.
        message_row: Row of `messages` as far as the container gives it.

    Raises:
        UnreadableFinError: An amount or a date that must be there cannot be read.
    """
    rows = Rows()
    variant = _variant(message)
    message_type = f"MT{message.message_type}{'COV' if variant == 'COV' else ''}"
    message_row |= {
        "format": "MT",
        "message_type": message_type,
        "variant": variant,
        "service": message.user_header.get("111") or message.user_header.get("103"),
        "direction": message.direction,
        "sender_bic": message.sender,
        "receiver_bic": message.receiver,
        "uetr": uetr_in(message.user_header.get("121")),
        "message_reference": message.user_header.get("108") or None,
        "created_on": message.created_on,
        "possible_duplicate": bool({"PDE", "PDM"} & message.trailer.keys()),
        "is_test": "TNG" in message.trailer or _is_test_bic(message.sender),
        "repaired": bool(message.repairs),
        "repairs": list(message.repairs),
        "screening_code": _screening_code(message),
    }
    is_rur6 = _is_rur6(message)
    if is_rur6:
        message_row["charset"] = "swift-rur6"
    parts = list(_transactions(message, variant))
    for ordinal, fields in enumerate(parts, start=1):
        _read_transaction(rows, message, message_row, ordinal, fields, variant, is_rur6=is_rur6)
    message_row["transaction_count"] = len(parts)
    rows.messages.append(message_row)
    return rows


def _variant(message: FinMessage) -> str | None:
    flag = message.user_header.get("119", "")
    if flag in ("COV", "STP", "REMIT", "RFDD"):
        return flag
    numbers = [field.number for field in message.fields]
    if message.message_type in ("202", "205") and "50" in numbers:
        return "COV"
    return None


def _transactions(message: FinMessage, variant: str | None) -> Iterator[list[tuple[str, Field]]]:
    """Fields of each transaction, each with its sequence letter."""
    fields = message.fields
    if variant == "COV":
        first = next((i for i, f in enumerate(fields) if f.number == "50"), len(fields))
        yield [("A" if i < first else "B", field) for i, field in enumerate(fields)]
        return
    if message.message_type in _LISTS_OF_TRANSFERS:
        starts = [i for i, field in enumerate(fields) if field.tag == "21"]
        if starts:
            common = [("A", field) for field in fields[: starts[0]]]
            for start, end in zip(starts, [*starts[1:], len(fields)], strict=True):
                own = {field.number for field in fields[start:end]}
                shared = [(s, f) for s, f in common if f.number not in own or f.number in "20"]
                yield shared + [("B", field) for field in fields[start:end]]
            return
    if message.message_type in _STATEMENTS:
        entries = [i for i, field in enumerate(fields) if field.number == "61"]
        if entries:
            common = [("", field) for field in fields[: entries[0]]]
            for start, end in zip(entries, [*entries[1:], len(fields)], strict=True):
                line = [f for f in fields[start:end] if f.number in ("61", "86")]
                yield common + [("", field) for field in line]
            return
    yield [("", field) for field in fields]


def _read_transaction(
    rows: Rows,
    message: FinMessage,
    message_row: dict[str, Any],
    ordinal: int,
    fields: Sequence[tuple[str, Field]],
    variant: str | None,
    *,
    is_rur6: bool,
) -> None:
    transaction_id = f"{message_row['message_id']}-{ordinal}"
    transaction: dict[str, Any] = {
        "transaction_id": transaction_id,
        "message_id": message_row["message_id"],
        "ordinal": ordinal,
        "message_type": message_row["message_type"],
        "uetr": message_row["uetr"],
        "sender_bic": message.sender,
        "receiver_bic": message.receiver,
        "kind": _kind(message.message_type, variant),
    }
    for sequence, field in fields:
        path = f"{sequence}/{field.tag}" if sequence else field.tag
        _read_field(rows, transaction, message.message_type, sequence, field, path, is_rur6=is_rur6)
    if message.message_type in _MONEY_EXPECTED and transaction.get("amount") is None:
        raise UnreadableFinError("no_amount", "the amount (field 32) is missing")
    _ends_of(rows, transaction, message)
    rows.transactions.append(transaction)


def _read_field(
    rows: Rows,
    transaction: dict[str, Any],
    message_type: str,
    sequence: str,
    field: Field,
    path: str,
    *,
    is_rur6: bool,
) -> None:
    number, transaction_id = field.number, transaction["transaction_id"]
    role = _agent_role(message_type, sequence, field)
    if role or number in CUSTOMER_ROLES:
        customer = number in CUSTOMER_ROLES
        values = read_party(field.letter, field.value, is_agent=not customer, is_rur6=is_rur6)
        role = role or _customer_role(number, field.letter)
        rows.add_party(transaction_id, role, level=sequence or None, field_path=path, **values)
    elif field.tag == "20" or (field.tag == "21" and message_type in _LISTS_OF_TRANSFERS):
        transaction["reference"] = field.value.strip()
    elif field.tag == "21":
        transaction["related_reference"] = field.value.strip()
    elif number in ("32", "33"):
        _read_money(transaction, field)
    elif number == "61":
        _read_entry(transaction, field)
    elif number == "60":
        transaction["currency"] = field.value[7:10] or None
    elif field.tag == "71A":
        transaction["charge_bearer"] = _CHARGE_BEARERS.get(field.value.strip())
    elif field.tag == "26T":
        transaction["purpose_code"] = field.value.strip()
    elif number not in NOT_TEXT:
        kind = "envelope_contents" if field.tag == "77T" else TEXT_KINDS.get(number, "narrative")
        text = decode(field.value) if is_rur6 and number not in _CODED else field.value
        rows.add_text(transaction_id, kind, text, path)
        _read_reason(transaction, field)
    elif field.tag == "31D":
        rows.add_text(transaction_id, "place", field.value[6:], path)


def _agent_role(message_type: str, sequence: str, field: Field) -> str | None:
    if message_type.startswith("7"):
        return AGENT_ROLES_7XX.get(field.number)
    between_banks = message_type.startswith(("2", "9")) and sequence != "B"
    return (AGENT_ROLES_2XX if between_banks else AGENT_ROLES_1XX).get(field.number)


def _customer_role(number: str, letter: str) -> str:
    if number == "50" and letter in ("C", "L"):
        return "initiating_party"
    return CUSTOMER_ROLES[number]


def _read_money(transaction: dict[str, Any], field: Field) -> None:
    money = _MONEY.match(field.value.replace(" ", "").split("\n")[0])
    if money is None:
        raise UnreadableFinError("amount", f"field {field.tag} holds no amount: unreadable")
    amount = _amount(money[3])
    if amount is None:
        raise UnreadableFinError("amount", f"the amount in field {field.tag} cannot be read")
    if field.number == "33":
        transaction["instructed_currency"], transaction["instructed_amount"] = money[2], amount
        return
    transaction["currency"], transaction["amount"] = money[2], amount
    if money[1]:
        transaction["value_date"] = swift_date(money[1])
        if transaction["value_date"] is None:
            raise UnreadableFinError("date", f"the date in field {field.tag} is no date")


def _amount(text: str) -> Decimal | None:
    """A SWIFT amount: comma for the decimals, which may be missing behind it."""
    if text.count(",") > 1 or ("," in text and "." in text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _read_reason(transaction: dict[str, Any], field: Field) -> None:
    marked = _REASON.search(field.value)
    if marked is None:
        return
    transaction["kind"] = "return" if marked[1] == "RETN" else "reject"
    code = _REASON_CODE.search(field.value)
    transaction["reason_code"] = code[1] if code else None
    transaction["reason_text"] = field.value


def _read_entry(transaction: dict[str, Any], field: Field) -> None:
    """One line of a statement: what was booked, and the reference of the account's owner."""
    entry = _ENTRY.match(field.value)
    amount = _amount(entry[3]) if entry else None
    day = swift_date(entry[1]) if entry else None
    if entry is None or amount is None or day is None:
        raise UnreadableFinError("entry", "the statement line in field 61 cannot be read")
    transaction["value_date"], transaction["amount"] = day, amount
    reference = entry[5].split("//")[0].split("\n")[0].strip()
    transaction["related_reference"] = reference or None


def _is_rur6(message: FinMessage) -> bool:
    """RUR6 by its mark in block 3, or by its letters where the money is Russian."""
    mark = message.user_header.get("113", "")
    if mark.startswith("RUR"):
        return True
    values = [field.value for field in message.fields if field.number in ("50", "59", "70", "72")]
    russian = any(
        "RUB" in field.value if field.number == "32" else "//RU" in field.value
        for field in message.fields
    )
    return russian and looks_like_rur6("\n".join(values))


def _kind(message_type: str, variant: str | None) -> str:
    if variant == "COV":
        return "cover"
    return KINDS.get(message_type) or KINDS_BY_ENDING.get(message_type[1:], "other")


def _ends_of(rows: Rows, transaction: dict[str, Any], message: FinMessage) -> None:
    """Name, country and account of debtor and creditor; of a cover, the customers'."""
    own = [p for p in rows.parties if p["transaction_id"] == transaction["transaction_id"]]
    for role in ("debtor", "creditor"):
        found = [p for p in own if p["role"] == role]
        if not found:
            continue
        end = found[-1]
        transaction[f"{role}_name"] = end.get("name") or end.get("bic")
        transaction[f"{role}_country"] = end.get("country")
        transaction[f"{role}_account"] = end.get("account")
    agents = {p["role"]: p for p in own if p["is_agent"]}
    transaction["debtor_agent_bic"] = agents.get("debtor_agent", {}).get("bic") or message.sender
    transaction["creditor_agent_bic"] = (
        agents.get("creditor_agent", {}).get("bic") or message.receiver
    )


def _is_test_bic(bic: str | None) -> bool:
    """A BIC whose eighth character is 0 is for test and training (ISO 9362)."""
    return bool(bic and bic_country(bic) and bic[7] == "0")


def _screening_code(message: FinMessage) -> str | None:
    found = re.match(r"/(AOK|FPO|NOK)/", message.user_header.get("433", ""))
    return found[1] if found else None
