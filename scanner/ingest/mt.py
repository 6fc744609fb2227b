"""One FIN message as rows: header facts, transactions, parties and texts.

Sequences stay apart: in a 202 COV or 205 COV the banks' transfer is sequence A
and the underlying customer transfer sequence B, from the first field 50a on.
Messages that list transfers give one transaction each; see `mt_sequences`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
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
    TEXT_KINDS_BY_TAG,
)
from scanner.ingest.mt_party import read_party
from scanner.ingest.mt_sequences import Placed, transactions_of, variant_of
from scanner.ingest.rows import Rows, exact_amount
from scanner.ingest.rur6 import decode, looks_like_rur6

_MONEY = re.compile(r"^(?:([0-9]{6}))?([A-Z]{3})([0-9,.]+)$")
_REASON = re.compile(r"^/(RETN|REJT)/", re.MULTILINE)
_REASON_CODE = re.compile(
    r"^/([A-Z]{2}\d{2}|CUST|DUPL|TECH|FRAD|LEGL|NARR|UPAY|AGNT|CURR|COVR)/", re.MULTILINE
)
_ORIGINAL_UETR = re.compile(r"/UETR/\s*([0-9a-fA-F-]{36})")
_ORIGINAL_REFERENCE = re.compile(r"^/MREF/([^\n/]+)", re.MULTILINE)
_ENTRY = re.compile(
    r"^([0-9]{6})(?:[0-9]{4})?(R?[CD]|E[CD])[A-Z]?([0-9,]+)([A-Z][A-Z0-9]{3})((?s:.*))$"
)
_CHARGE_BEARERS = {"OUR": "DEBT", "BEN": "CRED", "SHA": "SHAR"}
# In these types field 21 is the transfer's own reference, in all others that of an earlier message.
_REFERENCE_IN_21 = ("101", "102", "104", "107", "110")
_CODED = ("23", "26", "71")
_MONEY_EXPECTED = (
    "101", "102", "103", "104", "107", "110", "200", "201", "202", "203", "204", "205", "210",
    "700", "710", "720", "900", "910",
)  # fmt: skip
_SINGLE_TRANSFERS = ("103", "200", "202", "205")


def read_mt(message: FinMessage, message_row: dict[str, Any]) -> Rows:
    """Turn a message's fields into rows.

    Args:
        message: The message as its blocks and fields.
        message_row: Row of `messages` as far as the container gives it.

    Raises:
        UnreadableFinError: An amount or a date that must be there cannot be read.
    """
    rows = Rows()
    _refuse_doubled(message)
    variant = variant_of(message)
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
        "content_sha256": _content_hash(message, message_type),
    }
    is_rur6 = _is_rur6(message)
    if is_rur6:
        message_row["charset"] = "swift-rur6"
    parts = list(transactions_of(message, variant))
    for ordinal, fields in enumerate(parts, start=1):
        _read_transaction(rows, message, message_row, ordinal, fields, variant, is_rur6=is_rur6)
    message_row["transaction_count"] = len(parts)
    rows.messages.append(message_row)
    return rows


def _read_transaction(
    rows: Rows,
    message: FinMessage,
    message_row: dict[str, Any],
    ordinal: int,
    fields: Sequence[Placed],
    variant: str | None,
    *,
    is_rur6: bool,
) -> None:
    first_party = len(rows.parties)
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
    roles = _agent_roles(message, variant)
    for sequence, field in fields:
        _read_field(rows, transaction, message, sequence, field, roles, is_rur6=is_rur6)
    if message.message_type in _MONEY_EXPECTED and transaction.get("amount") is None:
        raise UnreadableFinError("no_amount", "the amount (field 32) is missing")
    _ends_of(rows.parties[first_party:], transaction, message)
    rows.transactions.append(transaction)


def _read_field(
    rows: Rows,
    transaction: dict[str, Any],
    message: FinMessage,
    sequence: str,
    field: Field,
    roles: Mapping[str, str],
    *,
    is_rur6: bool,
) -> None:
    number, transaction_id = field.number, transaction["transaction_id"]
    path = f"{sequence}/{field.tag}" if sequence else field.tag
    if role := _role(message.message_type, sequence, field, roles):
        is_agent = number not in CUSTOMER_ROLES and role != "instructing_party"
        values = read_party(field.letter, field.value, is_agent=is_agent, is_rur6=is_rur6)
        rows.add_party(transaction_id, role, level=sequence or None, field_path=path, **values)
    elif field.tag == "20" or (field.tag == "21" and message.message_type in _REFERENCE_IN_21):
        transaction["reference"] = field.value.strip()
    elif field.tag == "21":
        transaction["related_reference"] = field.value.strip()
    elif number in ("32", "33"):
        _read_money(transaction, field, of_all=sequence == "C")
    elif field.tag == "30" and message.message_type[0] != "7":
        _read_execution_date(transaction, field)
    elif number == "61":
        _read_entry(transaction, field)
    elif number == "60":
        transaction["currency"] = field.value[7:10] or None
    elif field.tag == "71A":
        transaction["charge_bearer"] = _CHARGE_BEARERS.get(field.value.strip())
    elif field.tag == "26T":
        transaction["purpose_code"] = field.value.strip()
    elif number not in NOT_TEXT:
        kind = TEXT_KINDS_BY_TAG.get(field.tag) or TEXT_KINDS.get(number, "narrative")
        text = decode(field.value) if is_rur6 and number not in _CODED else field.value
        rows.add_text(transaction_id, kind, text, path)
        _read_reason(transaction, field)
    elif field.tag == "31D":
        rows.add_text(transaction_id, "place", field.value[6:], path)


def _refuse_doubled(message: FinMessage) -> None:
    """Two messages whose border is damaged look like one that repeats its reference."""
    references = sum(field.tag == "20" for field in message.fields)
    if message.message_type in _SINGLE_TRANSFERS and references > 1:
        raise UnreadableFinError(
            "doubled", f"field 20 stands {references} times: more than one message"
        )


def _agent_roles(message: FinMessage, variant: str | None) -> Mapping[str, str]:
    """Roles of the banks' fields; of a cover, those of sequence A."""
    category = message.message_type[0]
    if category == "7":
        return AGENT_ROLES_7XX
    if category not in "29":
        return AGENT_ROLES_1XX
    if variant != "COV" and any(field.number == "50" for field in message.fields):
        # A notice that names the customer: then field 52 is the customer's bank.
        return AGENT_ROLES_2XX | {"52": "debtor_agent"}
    return AGENT_ROLES_2XX


def _role(message_type: str, sequence: str, field: Field, roles: Mapping[str, str]) -> str | None:
    number, letter = field.number, field.letter
    if number in CUSTOMER_ROLES:
        return (
            "initiating_party"
            if number == "50" and letter in "CL" and letter
            else (CUSTOMER_ROLES[number])
        )
    if number == "42" and letter not in ("A", "D"):
        return None  # 42C, 42M and 42P: when and how drafts are paid
    if number == "51" and message_type.startswith("76"):
        return "instructing_party"
    of_customers = sequence == "B" and message_type in ("202", "205")
    return (AGENT_ROLES_1XX if of_customers else roles).get(number)


def _read_execution_date(transaction: dict[str, Any], field: Field) -> None:
    day = swift_date(field.value.strip())
    if day is None:
        raise UnreadableFinError("date", "the date in field 30 is no date")
    transaction.setdefault("value_date", day)


def _read_money(transaction: dict[str, Any], field: Field, *, of_all: bool) -> None:
    money = _MONEY.match(field.value.replace(" ", "").split("\n")[0])
    if money is None:
        raise UnreadableFinError("amount", f"field {field.tag} holds no amount: unreadable")
    amount = _amount(money[3])
    if amount is None:
        raise UnreadableFinError("amount", f"the amount in field {field.tag} cannot be read")
    if field.number == "33":
        transaction["instructed_currency"], transaction["instructed_amount"] = money[2], amount
        return
    if not of_all:
        transaction["currency"], transaction["amount"] = money[2], amount
    if money[1]:
        transaction["value_date"] = swift_date(money[1])
        if transaction["value_date"] is None:
            raise UnreadableFinError("date", f"the date in field {field.tag} is no date")


def _amount(text: str) -> Decimal | None:
    """A SWIFT amount: comma for the decimals, which may be missing behind it."""
    if text.count(",") > 1 or ("," in text and "." in text):
        return None
    return exact_amount(text.replace(",", "."))


def _read_reason(transaction: dict[str, Any], field: Field) -> None:
    marked = _REASON.search(field.value)
    if marked is None:
        return
    transaction["kind"] = "return" if marked[1] == "RETN" else "reject"
    code = _REASON_CODE.search(field.value)
    transaction["reason_code"] = code[1] if code else None
    transaction["reason_text"] = field.value
    if uetr := _ORIGINAL_UETR.search(field.value):
        transaction["uetr"] = uetr_in(uetr[1]) or transaction["uetr"]
    if reference := _ORIGINAL_REFERENCE.search(field.value):
        transaction["related_reference"] = reference[1].strip()


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


def _ends_of(
    own: Sequence[Mapping[str, Any]], transaction: dict[str, Any], message: FinMessage
) -> None:
    """Name, country and account of debtor and creditor; of a cover, the customers'."""
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


def _content_hash(message: FinMessage, message_type: str) -> str:
    """What two deliveries of one message share: not headers of a copy, trailers or line ends."""
    banks = (message.sender or "", message.receiver or "", message.user_header.get("121", ""))
    fields = (f":{field.tag}:{field.value}" for field in message.fields)
    return hashlib.sha256("\n".join((message_type, *banks, *fields)).encode()).hexdigest()


def _is_test_bic(bic: str | None) -> bool:
    """A BIC whose eighth character is 0 is for test and training (ISO 9362)."""
    return bool(bic and bic_country(bic) and bic[7] == "0")


def _screening_code(message: FinMessage) -> str | None:
    found = re.match(r"/(AOK|FPO|NOK)/", message.user_header.get("433", ""))
    return found[1] if found else None
