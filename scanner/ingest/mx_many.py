"""ISO 20022 messages of known shapes, all of a batch at once: texts by number to columns.

`mx_shapes` tells of a shape which text is which value; `mx_texts` finds all texts of all
messages. Here the texts of one value are taken for all messages together, whatever
their shapes. What is made is what the careful reader makes; the tests hold all ways
against each other. Messages that ask for more are named and left.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.identifiers import is_test_bic
from scanner.ingest.byte_forms import Flags, Positions
from scanner.ingest.columns import Coded, equals, has_value, is_true, ordinals, table_of
from scanner.ingest.currencies import decimals_of
from scanner.ingest.mx import name_type
from scanner.ingest.mx_columns import ends_of, sides_of
from scanner.ingest.mx_messages import Apart, MxMessages
from scanner.ingest.mx_party import iso_date
from scanner.ingest.mx_shapes import VALUES, HeaderPlaces, Shape, Shapes
from scanner.ingest.mx_steps import Steps, ramp
from scanner.schema import TABLES

_SCHEMA = TABLES["transactions"].arrow_schema
_DECIMAL = _SCHEMA.field("amount").type
_AMOUNT = r"^[0-9]{1,18}(?:\.[0-9]{1,5})?$"
_MONEY = (("amount", "currency"), ("instructed_amount", "instructed_currency"))
_FACTS = ("sender_bic", "receiver_bic", "service", "message_reference", "possible_duplicate",
          "created_on")  # fmt: skip


@dataclass
class ReadMessages:
    """Rows of messages, what they are ordered by, and the numbers of those that are left."""

    tables: dict[str, pa.Table]
    keys: dict[str, Positions]
    left: Positions


def read_many(messages: MxMessages, shapes: Shapes) -> ReadMessages:
    """Read the messages whose shapes are known or come twice.

    Args:
        messages: Messages.
        shapes: Shapes met so far; takes up new ones.
    """
    shapes.forget_many()
    apart = Apart(messages)
    found, shape = apart.shapes(shapes)
    places, place = apart.headers(shapes)
    usual = np.array([told is not None for told in found], dtype=np.bool_)[shape]
    usual &= np.array([told is not None for told in places], dtype=np.bool_)[place]
    if usual.any():
        builder = _Builder(apart, found, shape, places, place, np.flatnonzero(usual), shapes)
        odd = builder.odd_messages()
        if odd.any():
            usual[np.flatnonzero(usual)[odd]] = False
            builder = _Builder(apart, found, shape, places, place, np.flatnonzero(usual), shapes)
    if not usual.any():
        return ReadMessages({}, {}, np.arange(len(messages)))
    tables, keys = builder.tables()
    return ReadMessages(tables, keys, np.flatnonzero(~usual))


class _Builder:
    """Makes the rows of some of the messages."""

    def __init__(
        self,
        apart: Apart,
        found: Sequence[Shape | None],
        shape: Positions,
        places: Sequence[HeaderPlaces | None],
        place: Positions,
        chosen: Positions,
        shapes: Shapes,
    ) -> None:
        self._messages, self._documents = apart.messages, apart.elements
        self._chosen, self._kept = chosen, shapes
        self._document, self._header = apart.document[chosen], apart.header[chosen]
        self._places, self._place = places, place[chosen]
        used, self._shape = np.unique(shape[chosen], return_inverse=True)
        self._distinct = [told for n in used.tolist() if (told := found[n]) is not None]
        # The transactions of all distinct shapes, one behind another.
        self._told = [told for shape in self._distinct for told in shape.transactions]
        sizes = np.array([len(shape.transactions) for shape in self._distinct], dtype=np.int64)
        first = np.cumsum(sizes) - sizes
        counts = sizes[self._shape]
        self._counts = counts
        self.message_of = np.repeat(np.arange(len(chosen)), counts)
        self._ordinal = ramp(counts)
        self._kind = first[self._shape][self.message_of] + self._ordinal
        self._first = self._documents.first_text[self._document][self.message_of]

    def odd_messages(self) -> Flags:
        """Messages with an amount, a date or a reason that is not read here."""
        odd = np.array([len(told.reason_texts) > 1 for told in self._told])[self._kind]
        for number, currency in _MONEY:
            texts = self._texts_of([getattr(told, number) for told in self._told])
            odd |= is_true(pc.invert(pc.match_substring_regex(texts, _AMOUNT)))
            allowed = [decimals_of(getattr(told, currency) or "") for told in self._told]
            decimals = np.array(allowed, dtype=np.int64)[self._kind]
            for places in set(allowed):
                finer = pc.match_substring_regex(texts, rf"\.[0-9]{{{places}}}[0-9]*[1-9]")
                odd |= (decimals == places) & is_true(finer)
        _, wrong = _dates(self._texts_of([told.value_date for told in self._told]))
        odd |= wrong
        messages = np.zeros(len(self._chosen), dtype=np.bool_)
        messages[self.message_of[odd]] = True
        return messages

    def _texts_of(self, numbers: Sequence[int]) -> pa.Array:
        """Of each transaction the text of a number that its shape tells."""
        ends = [s.text_count for s in self._distinct for _ in s.transactions]
        told = np.array(numbers, dtype=np.int64)
        number = told[self._kind]
        missing = (told >= np.array(ends, dtype=np.int64))[self._kind]
        return self._documents.take(self._first + number, missing)

    def tables(self) -> tuple[dict[str, pa.Table], dict[str, Positions]]:
        """The rows, and what each is ordered by, by table."""
        messages = self._message_columns()
        transactions = self._transactions(messages)
        steps = Steps(self._told, self._documents, self._kept)
        parties, party_of, texts, text_of = steps.read(self._kind, self._first)
        senders, receivers = sides_of(
            {side: messages[side].to_pylist() for side in ("sender_bic", "receiver_bic")},
            parties,
            self.message_of[party_of],
        )
        tests = {sender: is_test_bic(sender) for sender in set(senders)}
        messages["is_test"] = pa.array([tests[sender] for sender in senders], pa.bool_())
        for side, told in (("sender_bic", senders), ("receiver_bic", receivers)):
            messages[side] = pa.array(told, pa.string())
            transactions[side] = messages[side].take(pa.array(self.message_of))
        transactions |= ends_of(parties, party_of, len(self.message_of))
        ids = transactions["transaction_id"]
        roles = Coded(parties["role"])
        parties["transaction_id"] = ids.take(pa.array(party_of))
        parties["ordinal"] = ordinals(party_of * (len(roles.distinct) + 1) + roles.codes)
        texts["transaction_id"] = ids.take(pa.array(text_of))
        keys = self._messages.key[self._chosen]
        columns = {
            "messages": messages, "transactions": transactions, "parties": parties, "texts": texts,
        }  # fmt: skip
        return {name: table_of(name, made) for name, made in columns.items()}, {
            "messages": keys,
            "transactions": keys[self.message_of],
            "parties": keys[self.message_of[party_of]],
            "texts": keys[self.message_of[text_of]],
        }

    # -- messages

    def _message_columns(self) -> dict[str, pa.Array]:
        facts = self._header_columns()
        made: dict[str, pa.Array] = {}
        messages, chosen = self._messages, self._chosen
        which = pa.array(messages.given_of[chosen])
        for name in messages.given[0].values:
            told = pa.array([given.values[name] for given in messages.given], pa.string())
            made[name] = told.take(which)
        services = facts["service"].to_pylist()
        variants: dict[tuple[int, str | None], str | None] = {}
        pairs = list(zip(self._shape.tolist(), services, strict=True))
        for number, service in set(pairs):
            shape = self._distinct[number]
            row = {"service": service}
            name_type(row, shape.message_type, is_cover=shape.is_cover)
            variants[number, service] = row["variant"]
        types = pa.array([shape.message_type for shape in self._distinct], pa.string())
        return made | facts | {
            "message_id": pa.array(self._ids(), pa.string()),
            "byte_offset": pa.array(messages.offset[chosen]),
            "byte_length": pa.array(messages.length[chosen]),
            "content_sha256": pa.array(self._content_hashes(), pa.string()),
            "format": pa.repeat("MX", len(chosen)),
            "message_type": types.take(pa.array(self._shape)),
            "variant": pa.array([variants[pair] for pair in pairs], pa.string()),
            "transaction_count": pa.array(self._counts.astype(np.int32)),
        }  # fmt: skip

    def _content_hashes(self) -> list[str]:
        content, start, end = self._documents.unindented()
        sha256, view = hashlib.sha256, memoryview(content)
        return [
            sha256(view[a:b]).hexdigest()
            for a, b in zip(
                start[self._document].tolist(), end[self._document].tolist(), strict=True
            )
        ]

    def _ids(self) -> list[str]:
        begun = [hashlib.sha256(given.id_start) for given in self._messages.given]
        ids = []
        for which, offset in zip(
            self._messages.given_of[self._chosen].tolist(),
            self._messages.offset[self._chosen].tolist(),
            strict=True,
        ):
            hashed = begun[which].copy()
            hashed.update(b"%d" % offset)
            ids.append(hashed.hexdigest()[:20])
        return ids

    def _header_columns(self) -> dict[str, pa.Array]:
        # Where there is no header nothing is asked of the number that stands here.
        first = self._documents.first_text[np.maximum(self._header, 0)]
        made: dict[str, pa.Array] = {}
        for name in _FACTS:
            told = np.array(
                [-1 if (n := (found or {}).get(name)) is None else n for found in self._places],
                dtype=np.int64,
            )[self._place]
            made[name] = self._documents.take(first + told, told < 0)
        made["possible_duplicate"] = equals(made["possible_duplicate"], "true")
        made["created_on"], _ = _dates(made["created_on"])
        return made

    # -- transactions

    def _transactions(self, messages: dict[str, pa.Array]) -> dict[str, pa.Array]:
        """Columns of transactions; adds the UETR to the messages."""
        told = self._told
        kind = pa.array(self._kind)
        of = pa.array(self.message_of)
        made = {
            name: self._texts_of([t.numbers[place] for t in told])
            for place, name in enumerate(VALUES)
        }
        made["uetr"] = pc.ascii_lower(made["uetr"])
        kinds = pa.array([t.kind for t in told], pa.string()).take(kind)
        rejected = pa.array(is_true(equals(made["status_code"], "RJCT")))
        ids = messages["message_id"].take(of)
        ordinal = pa.array((self._ordinal + 1).astype(np.int32))
        for name in ("currency", "instructed_currency"):
            made[name] = pa.array([getattr(t, name) for t in told], pa.string()).take(kind)
        for name in ("amount", "instructed_amount"):
            made[name] = self._texts_of([getattr(t, name) for t in told]).cast(_DECIMAL)
        reasons = [t.reason_texts[0] if t.reason_texts else _NOWHERE for t in told]
        made["value_date"], _ = _dates(self._texts_of([t.value_date for t in told]))
        messages["uetr"] = self._single(made["uetr"])
        return made | {
            "transaction_id": pc.binary_join_element_wise(ids, ordinal.cast(pa.string()), _DASH),
            "message_id": ids,
            "ordinal": ordinal,
            "message_type": messages["message_type"].take(of),
            "kind": pc.if_else(rejected, _REJECT, kinds),
            "reason_text": self._texts_of(reasons),
        }

    def _single(self, uetrs: pa.Array) -> pa.Array:
        """Of each message the UETR that all its transactions bear; null where they differ."""
        first = np.cumsum(self._counts) - self._counts
        if (self._counts == 1).all():
            return uetrs
        listed = uetrs.to_pylist()
        return pa.array(
            [
                found.pop() if len(found := set(listed[a : a + n])) == 1 else None
                for a, n in zip(first.tolist(), self._counts.tolist(), strict=True)
            ],
            pa.string(),
        )


_NOWHERE = 1 << 40
_REJECT, _DASH = pa.scalar("reject", pa.string()), pa.scalar("-", pa.string())


def _dates(texts: pa.Array) -> tuple[pa.Array, Flags]:
    """The dates, and which texts are none."""
    coded = texts.dictionary_encode()
    days = [iso_date(text) for text in coded.dictionary.to_pylist()]
    found = pa.array(days, pa.date32()).take(coded.indices)
    return found, ~has_value(found) & has_value(texts)
