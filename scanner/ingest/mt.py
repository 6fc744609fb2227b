"""One FIN message as rows: header facts, transactions, parties and texts.

Sequences stay apart: in a 202 COV or 205 COV the banks' transfer is sequence A
and the underlying customer transfer sequence B, from the first field 50a on.
Messages that list transfers give one transaction each; see `mt_sequences`. What
a field means is told in `mt_fields`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from scanner.identifiers import is_test_bic
from scanner.ingest.currencies import doubts_of
from scanner.ingest.fin import Field, FinMessage, UnreadableFinError, uetr_in
from scanner.ingest.mt_fields import (
    ACCOUNT_OWNER,
    CODED_TEXT,
    COPIES_ORIGINAL,
    KINDS,
    KINDS_BY_ENDING,
    Meaning,
    meaning_of,
)
from scanner.ingest.mt_party import read_account_owner, read_party
from scanner.ingest.mt_sequences import Placed, transactions_of, variant_of
from scanner.ingest.mt_values import (
    ABOUT_OTHERS,
    read_answer,
    read_entry,
    read_execution_date,
    read_money,
    read_reason,
    residences,
)
from scanner.ingest.rows import Rows, add_end
from scanner.ingest.rur6 import decode, looks_like_rur6

CHARGE_BEARERS = {"OUR": "DEBT", "BEN": "CRED", "SHA": "SHAR"}
"""Who bears the charges: field 71A in the words of ISO 20022."""
_SCREENED = re.compile(r"/(AOK|FPO|NOK)/")
MONEY_EXPECTED = frozenset(
    {
        "101", "102", "103", "104", "107", "110", "200", "201", "202", "203", "204", "205",
        "210", "700", "710", "720", "900", "910",
    }
)  # fmt: skip
"""Types whose every transaction must bear an amount."""
SINGLE_TRANSFERS = frozenset({"103", "200", "202", "205"})
"""Types of one transfer, whose reference stands once."""


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
    header, trailer = message.user_header, message.trailer
    message_row |= {
        "format": "MT",
        "message_type": message_type,
        "variant": variant,
        "service": header.get("111") or header.get("103"),
        "direction": message.direction,
        "sender_bic": message.sender,
        "receiver_bic": message.receiver,
        "uetr": uetr_in(header.get("121")),
        "message_reference": header.get("108") or None,
        "created_on": message.created_on,
        "possible_duplicate": "PDE" in trailer or "PDM" in trailer,
        "is_test": "TNG" in trailer or is_test_bic(message.sender),
        "repaired": bool(message.repairs),
        "repairs": list(message.repairs),
        "screening_code": screened_as(header.get("433", "")),
        "content_sha256": _content_hash(message, message_type),
    }
    is_rur6 = _is_rur6(message)
    if is_rur6:
        message_row["charset"] = "swift-rur6"
    parts = list(transactions_of(message, variant))
    for ordinal, fields in enumerate(parts, start=1):
        reader = _TransactionReader(rows, message, message_row, ordinal, is_rur6=is_rur6)
        reader.read(fields, variant)
    if doubts := doubts_of(rows.transactions):
        message_row |= {"repaired": True, "repairs": [*message_row["repairs"], *doubts]}
    message_row["transaction_count"] = len(parts)
    rows.messages.append(message_row)
    return rows


class _TransactionReader:
    """Reads the fields of one transaction."""

    def __init__(
        self,
        rows: Rows,
        message: FinMessage,
        message_row: Mapping[str, Any],
        ordinal: int,
        *,
        is_rur6: bool,
    ) -> None:
        self._rows, self._message, self._is_rur6 = rows, message, is_rur6
        self._id = f"{message_row['message_id']}-{ordinal}"
        self._transaction: dict[str, Any] = {
            "transaction_id": self._id,
            "message_id": message_row["message_id"],
            "ordinal": ordinal,
            "message_type": message_row["message_type"],
            "uetr": message_row["uetr"],
            "sender_bic": message.sender,
            "receiver_bic": message.receiver,
        }

    def read(self, fields: Sequence[Placed], variant: str | None) -> None:
        """Read all fields and add the transaction.

        Raises:
            UnreadableFinError: An amount or date cannot be read, or the amount is missing.
        """
        message_type = self._message.message_type
        transaction = self._transaction
        transaction["kind"] = kind_of(message_type, variant)
        first_party = len(self._rows.parties)
        names_customer = any(field.tag[:2] == "50" for _, field in fields)
        for sequence, field in fields:
            meaning = meaning_of(
                message_type, variant, sequence, field.tag, names_customer=names_customer
            )
            if meaning.use == "party":
                self._read_party(sequence, field, meaning)
            elif meaning.use == "text":
                self._read_text(sequence, field, meaning.name)
            elif meaning.use != "nothing":
                self._read_value(sequence, field, meaning.use)
        if message_type in MONEY_EXPECTED and transaction.get("amount") is None:
            raise UnreadableFinError("no_amount", "the amount (field 32) is missing")
        own = self._rows.parties[first_party:]
        _add_residences(own, fields, transaction)
        _ends_of(own, transaction, self._message)
        self._rows.transactions.append(transaction)

    def _read_party(self, sequence: str, field: Field, meaning: Meaning) -> None:
        if meaning.name == ACCOUNT_OWNER:
            values = read_account_owner(field.value)
        else:
            values = read_party(
                field.tag[2:], field.value, is_agent=meaning.is_agent, is_rur6=self._is_rur6
            )
        self._rows.add_party(
            self._id,
            meaning.name,
            level=sequence or None,
            field_path=_path(sequence, field),
            **values,
        )

    def _read_text(self, sequence: str, field: Field, kind: str) -> None:
        is_plain = not self._is_rur6 or field.number in CODED_TEXT
        text = field.value if is_plain else decode(field.value)
        self._rows.add_text(self._id, kind, text, _path(sequence, field))
        if "/RE" in field.value:
            read_reason(self._transaction, field.value)
        if self._message.message_type[1:] in ABOUT_OTHERS:
            read_answer(self._transaction, field, self._message.message_type[1:])

    def _read_value(self, sequence: str, field: Field, use: str) -> None:
        transaction, value = self._transaction, field.value.strip()
        if use == "money":
            day, currency, amount = read_money(field)
            if sequence != "C":  # the sum of all transfers, which only dates them
                transaction["currency"], transaction["amount"] = currency, amount
            if day:
                transaction["value_date"] = day
        elif use == "instructed_money":
            _, currency, amount = read_money(field)
            transaction["instructed_currency"], transaction["instructed_amount"] = currency, amount
        elif use in ("reference", "related_reference", "purpose_code"):
            # What is copied from the original follows the message's own references.
            if use not in transaction or self._message.message_type[1:] not in COPIES_ORIGINAL:
                transaction[use] = value or None
        elif use == "charge_bearer":
            transaction[use] = CHARGE_BEARERS.get(value)
        elif use == "execution_date":
            transaction.setdefault("value_date", read_execution_date(field))
        elif use == "balance":
            transaction["currency"] = value[7:10] or None
        elif use == "floor":  # an interim report (MT942) has no balance, but a limit
            transaction.setdefault("currency", value[:3] or None)
        else:
            text = read_entry(transaction, field) if use == "entry" else field.value[6:]
            kind = "statement_information" if use == "entry" else "place"
            self._rows.add_text(self._id, kind, text, _path(sequence, field))


def screened_as(text: str) -> str | None:
    """Outcome of an earlier screening by field 433: AOK, FPO or NOK."""
    found = _SCREENED.match(text)
    return found[1] if found else None


def kind_of(message_type: str, variant: str | None) -> str:
    """Kind of the transactions of a message type."""
    if variant == "COV":
        return "cover"
    return KINDS.get(message_type) or KINDS_BY_ENDING.get(message_type[1:], "other")


def _path(sequence: str, field: Field) -> str:
    return f"{sequence}/{field.tag}" if sequence else field.tag


def _refuse_doubled(message: FinMessage) -> None:
    """Two messages whose border is damaged look like one that repeats its reference."""
    if message.message_type not in SINGLE_TRANSFERS:
        return
    references = sum(field.tag == "20" for field in message.fields)
    if references > 1:
        raise UnreadableFinError(
            "doubled", f"field 20 stands {references} times: more than one message"
        )


def _is_rur6(message: FinMessage) -> bool:
    """RUR6 by its mark in block 3, or by its letters where the money is Russian."""
    mark = message.user_header.get("113", "")
    if mark.startswith("RUR"):
        return True
    russian = any(
        "//RU" in field.value or ("RUB" in field.value and field.number == "32")
        for field in message.fields
    )
    if not russian:
        return False
    values = [field.value for field in message.fields if field.number in ("50", "59", "70", "72")]
    return looks_like_rur6("\n".join(values))


def _add_residences(
    own: Sequence[dict[str, Any]], fields: Sequence[Placed], transaction: Mapping[str, Any]
) -> None:
    """Give a customer of whom nothing else tells the country that of field 77B."""
    if transaction["kind"] == "direct_debit":  # its ordering customer is paid
        return
    for _, field in fields:
        told = residences(field.value) if field.tag == "77B" else {}
        for party in own:
            if party["role"] in told and not party.get("country"):
                party |= {"country": told[party["role"]], "country_source": "regulatory"}


def _ends_of(
    own: Sequence[Mapping[str, Any]], transaction: dict[str, Any], message: FinMessage
) -> None:
    """Name, country and account of debtor and creditor; of a cover, the customers'."""
    transaction["debtor_agent_bic"], transaction["creditor_agent_bic"] = None, None
    for party in own:
        add_end(party, transaction)
    # Who pays sends the message, but of a direct debit who is paid.
    is_debit = transaction["kind"] == "direct_debit"
    sides = (message.receiver, message.sender) if is_debit else (message.sender, message.receiver)
    for role, side in zip(("debtor_agent", "creditor_agent"), sides, strict=True):
        transaction[f"{role}_bic"] = transaction[f"{role}_bic"] or side


def _content_hash(message: FinMessage, message_type: str) -> str:
    """What two deliveries of one message share: not headers of a copy, trailers or line ends."""
    banks = (message.sender or "", message.receiver or "", message.user_header.get("121", ""))
    fields = [f":{tag}:{value}" for tag, value in message.fields]
    return hashlib.sha256("\n".join((message_type, *banks, *fields)).encode()).hexdigest()
