"""One row of an export as rows of the canonical tables, or the pieces of its raw message.

Pure. A value that must be right (amount, date, kind) and is not refuses the row with
its column; a code that cannot be what it should be (country, BIC, LEI, UETR) is kept
where it is screened all the same, and the message is marked as repaired.
"""

import hashlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from scanner.identifiers import bic_country, iban_country, is_bic, is_lei
from scanner.ingest.containers import Piece, cut
from scanner.ingest.currencies import doubts_of
from scanner.ingest.fin import uetr_in
from scanner.ingest.mapping import TRANSACTION_KINDS, Export, PartyColumns, Value
from scanner.ingest.rows import Rows, add_end, exact_amount, unscreened_reason
from scanner.places import country_of_clearing_code, country_of_last_line, country_of_name

FORMAT = "EXPORT"
"""What `messages.format` holds for a row of an export; also its type where none is mapped."""

_WITHOUT_AMOUNT = TRANSACTION_KINDS - {
    "customer_transfer", "bank_transfer", "cover", "direct_debit", "cheque", "return",
    "letter_of_credit",
}  # fmt: skip
_TRUE, _FALSE = frozenset({"true", "t", "yes", "y", "1"}), frozenset({"false", "f", "no", "n", "0"})
_DIRECTIONS = {"input": "input", "i": "input", "out": "input", "sent": "input",
               "output": "output", "o": "output", "in": "output", "received": "output"}  # fmt: skip
_DATES = frozenset({"value_date", "created_on"})
_FLAGS = frozenset({"is_acknowledged", "possible_duplicate", "is_test"})
_AMOUNTS = {"amount": "currency", "instructed_amount": "instructed_currency"}


class UnreadableRowError(ValueError):
    """A row that cannot be read; `code` says why and `column` where."""

    def __init__(self, code: str, column: str, reason: str) -> None:
        super().__init__(f"column {column!r}: {reason}" if column else reason)
        self.code, self.column = code, column


def raw_pieces(export: Export, row: Piece) -> list[Piece]:
    """The messages that the raw column of a row holds, as pieces at the row's place.

    Raises:
        UnreadableRowError: It holds nothing.
    """
    assert export.raw_message is not None
    text: str = json.loads(row.content)[export.raw_message]
    for mark in export.line_end:
        text = text.replace(mark, "\r\n")
    found = cut(text.encode("utf-8", "replace"))
    if not found:
        raise UnreadableRowError("no_message", export.raw_message, "it holds no message")
    return [
        piece._replace(offset=row.offset, length=row.length, part=f"~{number}" if number else "")
        for number, piece in enumerate(found)
    ]


def read_row(export: Export, row: Piece, message_row: dict[str, Any]) -> Rows:
    """Turn a row into a message of one transaction.

    Args:
        export: What its columns mean.
        row: The row.
        message_row: Row of `messages` as far as the file gives it.

    Raises:
        UnreadableRowError: A value cannot be read, or an amount is missing.
    """
    reader = _Reader(export, json.loads(row.content))
    message_row |= {"format": FORMAT, "message_type": FORMAT, **reader.message()}
    transaction: dict[str, Any] = {
        "transaction_id": f"{message_row['message_id']}-1",
        "message_id": message_row["message_id"],
        "ordinal": 1,
        "message_type": message_row["message_type"],
        "sender_bic": message_row.get("sender_bic"),
        "receiver_bic": message_row.get("receiver_bic"),
        **reader.transaction(),
    }
    message_row["uetr"] = transaction.get("uetr")
    rows = Rows()
    for party in export.parties:
        if values := reader.party(party):
            path = "+".join(dict.fromkeys(c for v in party.values.values() for c in v.columns))
            rows.add_party(
                transaction["transaction_id"], party.role, is_agent=party.is_agent,
                field_path=path or party.role, **values,
            )  # fmt: skip
    for text in export.texts:
        lines = "\n".join(reader.lines(text.text))
        path = "+".join(text.text.columns) or text.kind
        rows.add_text(transaction["transaction_id"], text.kind, lines, path)
    _add_ends(rows.parties, transaction)
    rows.transactions.append(transaction)
    # Without a reference two equal rows may be two payments: each counts.
    reader.repairs += doubts_of(rows.transactions)
    place = "" if transaction.get("reference") or transaction.get("uetr") else row.offset
    told = f"{FORMAT}{place}".encode() + row.content
    rows.messages.append(
        message_row
        | {
            "content_sha256": hashlib.sha256(told).hexdigest(),
            "repaired": bool(reader.repairs),
            "repairs": reader.repairs,
            "transaction_count": 1,
        }
    )
    return rows


def told_of_message(export: Export, row: Piece) -> dict[str, Any]:
    """What the columns beside a raw message say of it.

    Raises:
        UnreadableRowError: A date or flag cannot be read.
    """
    return _Reader(export, json.loads(row.content)).message()


_SIGNED = re.compile(r"[-+]([^-+()]+)|([^-+()]+)[-+]|\(([^-+()]+)\)")
"""An amount with a sign before or behind it, or in brackets, as books write what was paid."""


class _Reader:
    """Takes values out of one row."""

    def __init__(self, export: Export, values: Mapping[str, str]) -> None:
        self.repairs: list[str] = []
        self._export, self._values = export, values
        self._nulls = {"", *export.nulls}

    def lines(self, value: Value) -> list[str]:
        """What the columns of a value hold, without what stands for nothing."""
        if value.constant is not None:
            return [value.constant]
        found = (self._values[column].strip() for column in value.columns)
        return [text for text in found if text not in self._nulls]

    def message(self) -> dict[str, Any]:
        """Values of the message."""
        return self._typed(self._export.message)

    def transaction(self) -> dict[str, Any]:
        """Values of the transaction."""
        values = self._typed(self._export.transaction)
        values.setdefault("kind", "customer_transfer")
        for amount, currency in _AMOUNTS.items():
            if amount in values and currency not in values:
                raise UnreadableRowError("amount", self._column(amount), "it has no currency")
        if values["kind"] not in _WITHOUT_AMOUNT and "amount" not in values:
            raise UnreadableRowError("no_amount", self._column("amount"), "a transfer of no amount")
        return values

    def _column(self, key: str) -> str:
        value = self._export.transaction.get(key)
        return ", ".join(value.columns) if value else key

    def _typed(self, wanted: Mapping[str, Value]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in wanted.items():
            lines = self.lines(value)
            if lines:
                text = ("\n" if key == "reason_text" else " ").join(lines)
                typed = self._as_typed(key, text, ", ".join(value.columns) or key)
                if typed is not None:
                    found[key] = typed
        return found

    def _as_typed(self, key: str, text: str, column: str) -> Any:
        if key in _AMOUNTS:
            return self._amount(text, column)
        if key in _DATES:
            return self._date(text, column)
        if key in _FLAGS:
            return self._flag(text, column)
        if key == "kind":
            return self._kind(text, column)
        if key in _AMOUNTS.values():
            currency = text.upper()
            if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
                raise UnreadableRowError("amount", column, "it holds no currency of three letters")
            return currency
        if key == "direction":
            if text.lower() not in _DIRECTIONS:
                raise UnreadableRowError("row", column, "neither input nor output")
            return _DIRECTIONS[text.lower()]
        return self._code(key, text, column)

    def _code(self, key: str, text: str, column: str) -> str | None:
        if key == "uetr" and uetr_in(text) is None:
            self.repairs.append(f"column {column!r}: it is no UETR and not kept as one")
            return None
        if key == "uetr":
            return uetr_in(text)
        return text.upper().replace(" ", "") if key.endswith("_bic") else text

    def _amount(self, text: str, column: str) -> Decimal:
        plain = text.replace(self._export.thousands, "") if self._export.thousands else text
        foreign = {".", ",", "'"} - {self._export.decimal}
        plain = plain.replace("\u00a0", "").replace(" ", "")
        if signed := _SIGNED.fullmatch(plain):
            if not self._export.signs:
                raise UnreadableRowError("amount", column, "it bears a sign: see `signs`")
            plain = signed[1] or signed[2] or signed[3]
        amount = None
        if not foreign & set(plain):
            amount = exact_amount(plain.replace(self._export.decimal, "."))
        if amount is None:
            raise UnreadableRowError("amount", column, "it holds no amount as the mapping says")
        return amount

    def _date(self, text: str, column: str) -> date:
        try:
            return date(*time.strptime(text, self._export.date_format)[:3])
        except ValueError:
            told = f"it holds no date like {self._export.date_format}"
            raise UnreadableRowError("date", column, told) from None

    def _flag(self, text: str, column: str) -> bool:
        word = text.lower()
        if word not in _TRUE and word not in _FALSE:
            raise UnreadableRowError("row", column, "neither true nor false")
        return word in _TRUE

    def _kind(self, text: str, column: str) -> str:
        kind = self._export.kinds.get(text, text)
        if kind not in TRANSACTION_KINDS:
            raise UnreadableRowError("row", column, "a kind that [export.kinds] does not name")
        return kind

    def party(self, columns: PartyColumns) -> dict[str, Any] | None:
        """Values for a row of `parties`; None where the row names nobody."""
        told: dict[str, Sequence[str]] = {
            key: lines for key, value in columns.values.items() if (lines := self.lines(value))
        }
        if not told:
            return None
        values: dict[str, Any] = {key: " ".join(lines) for key, lines in told.items()}
        street = list(told.get("address", ()))
        extra = self._check_codes(columns, values)
        street += extra
        shown = [values.get("name"), *street, values.get("town"), values.get("country")]
        values["raw"] = "\n".join(line for line in shown if line) or None
        values["address"] = ", ".join([*street, *filter(None, [values.get("town")])]) or None
        if birth := values.get("birth_date"):
            values["birth_date"] = self._date(birth, f"{columns.role} birth_date")
        _add_country(values, street)
        values["unscreened"] = unscreened_reason(values["raw"] or "")
        return values

    def _check_codes(self, columns: PartyColumns, values: dict[str, Any]) -> list[str]:
        """Move what is no country, BIC or LEI to where it is kept as text; gives address lines."""
        extra: list[str] = []
        if told := values.get("country"):
            values["country"] = country_of_name(told)
            if values["country"] is None:
                self._repaired(columns, "country", "no country: kept with the address")
                extra.append(told)
        for key, is_right in (("bic", is_bic), ("lei", is_lei)):
            code = values.get(key)
            if code is None:
                continue
            code = code.upper().replace(" ", "")
            if is_right(code):
                values[key] = code
            else:
                self._repaired(columns, key, f"no {key.upper()}: kept as an identifier")
                kept = f"{key.upper()}:{values.pop(key)}"
                values["identifier"] = "; ".join(filter(None, [values.get("identifier"), kept]))
        return extra

    def _repaired(self, columns: PartyColumns, key: str, what: str) -> None:
        names = ", ".join(columns.values[key].columns)
        self.repairs.append(f"column {names!r}: it holds {what}")


def _add_country(values: dict[str, Any], street: Sequence[str]) -> None:
    signals = (
        ("structured", values.get("country")),
        ("address_text", country_of_last_line(street[-1]) if street else None),
        ("bic", bic_country(values.get("bic"))),
        ("clearing_code", country_of_clearing_code(values.get("clearing_code"))),
        ("iban", iban_country(values.get("account"))),
    )
    for source, country in signals:
        if country:
            values["country"], values["country_source"] = country, source
            return


def _add_ends(parties: Sequence[Mapping[str, Any]], transaction: dict[str, Any]) -> None:
    for party in parties:
        add_end(party, transaction)
    for key, side in (("debtor_agent_bic", "sender_bic"), ("creditor_agent_bic", "receiver_bic")):
        transaction[key] = transaction.get(key) or transaction.get(side)
