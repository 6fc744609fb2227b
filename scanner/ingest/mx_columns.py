"""ISO 20022 messages of known shapes to columns: their values are gathered and made all at once.

What is made is what the careful reader of `mx` makes; the tests hold both against
each other. A message whose amount or date cannot be read is left to it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from scanner.identifiers import is_test_bic
from scanner.ingest.columns import Coded, has_value, ordinals, table_of, unscreened
from scanner.ingest.currencies import is_too_fine
from scanner.ingest.mx import LEVEL_OF_ENDS, amount_of, name_type
from scanner.ingest.mx_document import UnreadableXmlError
from scanner.ingest.mx_elements import is_code
from scanner.ingest.mx_party import iso_date
from scanner.ingest.mx_shapes import VALUES, Line, Shaped, ShapedTransaction, Shapes
from scanner.schema import TABLES

Numbers = NDArray[np.int64]

_TAKEN = (
    "transaction_id", "message_id", "ordinal", "message_type", "kind", *VALUES, "currency",
    "amount", "instructed_currency", "instructed_amount", "value_date", "reason_text",
)  # fmt: skip
_STATUS = VALUES.index("status_code")
_UETR = _TAKEN.index("uetr")
_MOST_DATES = 10_000


class MxColumns:
    """Gathers messages of known shapes.

    Args:
        shapes: Shapes met so far; takes up new ones.
    """

    def __init__(self, shapes: Shapes) -> None:
        shapes.forget_many()
        self._shapes = shapes
        self._dates: dict[str, date | None] = {}
        self._keys: list[int] = []
        self._messages: list[dict[str, Any]] = []
        self._message_of: list[int] = []
        self._transactions: list[tuple[Any, ...]] = []
        self._party_of: list[int] = []
        self._parties: list[int] = []
        self._text_of: list[int] = []
        self._texts: list[tuple[str, str, str]] = []

    def read(
        self,
        key: int,
        header: str | None,
        document: str,
        namespaces: bytes,
        message_row: Mapping[str, Any],
    ) -> bool:
        """Take up a message, if its shape is known; false where the careful reader must read it.

        Args:
            key: What its rows are ordered by.
            header: Text of the business header, if there is one.
            document: Text of the document.
            namespaces: Declarations of the elements around both.
            message_row: Row of `messages` as far as the container gives it.
        """
        found = self._shapes.find(header, document, namespaces)
        if found is None:
            return False
        row = {**message_row, **found.header}
        name_type(row, found.shape.message_type, is_cover=found.shape.is_cover)
        try:
            made = [
                self._transaction(told, found.texts, row, ordinal)
                for ordinal, told in enumerate(found.shape.transactions, start=1)
            ]
        except UnreadableXmlError:
            return False
        for told, transaction in zip(found.shape.transactions, made, strict=True):
            self._places(told, found, len(self._transactions))
            self._transactions.append(transaction)
            self._message_of.append(len(self._messages))
        uetrs = {transaction[_UETR] for transaction in made}
        row["uetr"] = uetrs.pop() if len(uetrs) == 1 else None
        row["transaction_count"] = len(made)
        self._messages.append(row)
        self._keys.append(key)
        return True

    def _transaction(
        self,
        told: ShapedTransaction,
        texts: Sequence[str | None],
        row: Mapping[str, Any],
        ordinal: int,
    ) -> tuple[Any, ...]:
        values = told.values(texts)
        amount, instructed = texts[told.amount], texts[told.instructed_amount]
        money, instructed_money = (
            amount_of(text, "an amount") if text else None for text in (amount, instructed)
        )
        for currency, of_currency in (
            (told.currency, money),
            (told.instructed_currency, instructed_money),
        ):
            if currency and of_currency is not None and is_too_fine(currency, of_currency):
                raise UnreadableXmlError("amount", "the careful reader notes its decimals")
        message_id, uetr = row["message_id"], values[4]
        return (
            f"{message_id}-{ordinal}",
            message_id,
            ordinal,
            row["message_type"],
            "reject" if values[_STATUS] == "RJCT" else told.kind,
            *values[:4],
            uetr.lower() if uetr else None,
            *values[5:],
            told.currency,
            money,
            told.instructed_currency,
            instructed_money,
            self._date(texts[told.value_date]),
            "\n".join(str(texts[n]) for n in told.reason_texts) or None,
        )

    def _date(self, text: str | None) -> date | None:
        if text is None:
            return None
        day = self._dates.get(text)
        if day is None:
            day = iso_date(text)
            if day is None:
                raise UnreadableXmlError("date", "the date is no date")
            if len(self._dates) < _MOST_DATES:
                self._dates[text] = day
        return day

    def _places(self, told: ShapedTransaction, found: Shaped, transaction: int) -> None:
        """Note the parties and texts of a transaction."""
        texts, kept = found.texts, self._shapes.parties
        for step in told.steps:
            if isinstance(step, Line):
                text = texts[step.number] or ""
                if step.name is None or not is_code(step.name, text):
                    self._texts.append((step.kind, text, step.path))
                    self._text_of.append(transaction)
                continue
            parties, lines = step.rows(texts, kept)
            for party in parties:
                self._parties.append(party)
                self._party_of.append(transaction)
            for line in lines:
                self._texts.append(line)
                self._text_of.append(transaction)

    def tables(self) -> tuple[dict[str, pa.Table], dict[str, Numbers]]:
        """The rows, and what each is ordered by, by table; nothing where there are none."""
        if not self._messages:
            return {}, {}
        keys = np.array(self._keys, dtype=np.int64)
        message_of = np.array(self._message_of, dtype=np.int64)
        party_of = np.array(self._party_of, dtype=np.int64)
        text_of = np.array(self._text_of, dtype=np.int64)
        schema = TABLES["transactions"].arrow_schema
        transactions = {
            name: pa.array(values, schema.field(name).type)
            for name, values in zip(_TAKEN, zip(*self._transactions, strict=True), strict=True)
        }
        numbers = pa.array(self._parties, pa.int64())
        parties = self._shapes.parties.columns(numbers)
        told = {
            side: [row.get(side) or None for row in self._messages]
            for side in ("sender_bic", "receiver_bic")
        }
        senders, receivers = sides_of(told, parties, message_of[party_of])
        tests = {sender: is_test_bic(sender) for sender in set(senders)}
        for row, sender, receiver in zip(self._messages, senders, receivers, strict=True):
            row["sender_bic"], row["receiver_bic"] = sender, receiver
            row["is_test"] = tests[sender]
        transactions["sender_bic"] = pa.array(senders, pa.string()).take(message_of)
        transactions["receiver_bic"] = pa.array(receivers, pa.string()).take(message_of)
        transactions |= ends_of(parties, party_of, len(self._transactions))
        ids = transactions["transaction_id"]
        roles = parties["role"].dictionary_encode()
        parties["transaction_id"] = ids.take(party_of)
        parties["ordinal"] = ordinals(party_of * (len(roles.dictionary) + 1) + _indices(roles))
        made = {
            "messages": pa.Table.from_pylist(self._messages, TABLES["messages"].arrow_schema),
            "transactions": table_of("transactions", transactions),
            "parties": table_of("parties", parties),
            "texts": table_of("texts", self._text_columns(ids, text_of)),
        }
        return made, {
            "messages": keys,
            "transactions": keys[message_of],
            "parties": keys[message_of[party_of]],
            "texts": keys[message_of[text_of]],
        }

    def _text_columns(self, ids: pa.Array, text_of: Numbers) -> dict[str, pa.Array]:
        kinds, texts, paths = zip(*self._texts, strict=True) if self._texts else ((), (), ())
        kind, text = pa.array(kinds, pa.string()), pa.array(texts, pa.string())
        coded = kind.dictionary_encode()
        return {
            "transaction_id": ids.take(text_of),
            "kind": kind,
            "ordinal": ordinals(text_of * (len(coded.dictionary) + 1) + _indices(coded)),
            "text": text,
            "field_path": pa.array(paths, pa.string()),
            "unscreened": unscreened(text),
        }


def sides_of(
    told: Mapping[str, Sequence[str | None]], parties: Mapping[str, pa.Array], message_of: Numbers
) -> tuple[list[str | None], list[str | None]]:
    """Sender and receiver by the header, else by the agents; see `mx`.

    Args:
        told: What the headers say, by column.
        parties: Columns of all parties.
        message_of: Number of the message of each party.
    """
    sides = []
    roles, has_bic = Coded(parties["role"]), has_value(parties["bic"])
    for side, role in (
        ("sender_bic", "instructing_agent"),
        ("receiver_bic", "instructed_agent"),
    ):
        found = list(told[side])
        missing = {number for number, bic in enumerate(found) if bic is None}
        if missing:
            which = np.flatnonzero(roles.equals(role) & has_bic)
            # From behind, so that the first one stays.
            for place in which[::-1].tolist():
                message = int(message_of[place])
                if message in missing:
                    found[message] = parties["bic"][place].as_py()
        sides.append(found)
    return sides[0], sides[1]


def ends_of(parties: Mapping[str, pa.Array], party_of: Numbers, count: int) -> dict[str, pa.Array]:
    """Name, country and account of debtor and creditor, and their banks; see `mx`.

    Args:
        parties: Columns of all parties.
        party_of: Number of the transaction of each.
        count: Transactions.
    """
    roles, levels = Coded(parties["role"]), Coded(parties["level"])
    rank = np.zeros(len(party_of), dtype=np.int64)
    for place, level in enumerate(LEVEL_OF_ENDS):
        if level is not None:
            rank[levels.equals(level)] = place
    rank[levels.codes < 0] = LEVEL_OF_ENDS.index(None)
    has_bic = has_value(parties["bic"])
    made: dict[str, pa.Array] = {}
    for end in ("debtor", "creditor"):
        of_end = roles.equals(end)
        taken = _first_of(np.flatnonzero(of_end), rank, party_of, count)
        # A bank without a name is shown by its BIC.
        made[f"{end}_name"] = pc.coalesce(parties["name"].take(taken), parties["bic"].take(taken))
        made[f"{end}_country"] = parties["country"].take(taken)
        made[f"{end}_account"] = parties["account"].take(taken)
        banks = roles.equals(f"{end}_agent") & has_bic
        taken = _first_of(np.flatnonzero(banks), rank, party_of, count)
        made[f"{end}_agent_bic"] = parties["bic"].take(taken)
    return made


def _first_of(which: Numbers, rank: Numbers, party_of: Numbers, count: int) -> pa.Array:
    """Of each transaction the party of the lowest rank, the first among equals."""
    chosen, missing = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.bool_)
    order = which[np.lexsort((which, rank[which]))][::-1]  # what comes last stays
    chosen[party_of[order]], missing[party_of[order]] = order, False
    return pa.array(chosen, mask=missing)


def _indices(coded: pa.DictionaryArray) -> Numbers:
    return np.asarray(coded.indices.to_numpy(), dtype=np.int64)
