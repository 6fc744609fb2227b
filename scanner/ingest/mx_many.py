"""ISO 20022 messages of known shapes, all of a batch at once: texts by number to columns.

`mx_shapes` tells of a shape which text is which value; `mx_texts` finds all texts of all
messages. Here the texts of one value are taken for all messages together, whatever
their shapes. What is made is what the careful reader makes; the tests hold all ways
against each other. Messages that ask for more are named and left.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.identifiers import is_test_bic
from scanner.ingest.byte_forms import Flags, Positions
from scanner.ingest.columns import Given, ordinals, table_of
from scanner.ingest.currencies import decimals_of
from scanner.ingest.mx import name_type
from scanner.ingest.mx_columns import ends_of, sides_of
from scanner.ingest.mx_party import iso_date
from scanner.ingest.mx_shapes import VALUES, HeaderPlaces, Shape, Shapes
from scanner.ingest.mx_steps import Steps, ramp
from scanner.ingest.mx_texts import Elements
from scanner.schema import TABLES

_SCHEMA = TABLES["transactions"].arrow_schema
_DECIMAL = _SCHEMA.field("amount").type
_AMOUNT = r"^[0-9]{1,18}(?:\.[0-9]{1,5})?$"
_MONEY = (("amount", "currency"), ("instructed_amount", "instructed_currency"))
_FACTS = ("sender_bic", "receiver_bic", "service", "message_reference", "possible_duplicate",
          "created_on")  # fmt: skip


class MxMessage(NamedTuple):
    """A message that waits to be read.

    Attributes:
        key: What its rows are ordered by.
        header: Bytes of its business header, if there is one.
        document: Bytes of its document.
        namespaces: Declarations of the elements around both.
        given: What its file tells.
        offset: Where it stands in its file.
        length: Its bytes.
    """

    key: int
    header: bytes | None
    document: bytes
    namespaces: bytes
    given: Given
    offset: int
    length: int


@dataclass
class ReadMessages:
    """Rows of messages, what they are ordered by, and the numbers of those that are left."""

    tables: dict[str, pa.Table]
    keys: dict[str, Positions]
    left: list[int]


def read_many(messages: Sequence[MxMessage], shapes: Shapes) -> ReadMessages:
    """Read the messages whose shapes are known or come twice.

    Args:
        messages: Messages.
        shapes: Shapes met so far; takes up new ones.
    """
    shapes.forget_many()
    documents = Elements.of([m.document for m in messages])
    headers = Elements.of([m.header or b"" for m in messages])
    found = _shapes_of(messages, documents, shapes)
    places = _headers_of(messages, headers, shapes)
    usual = [
        number
        for number, (shape, place) in enumerate(zip(found, places, strict=True))
        if shape is not None and place is not None
    ]
    chosen = np.array(usual, dtype=np.int64)
    if len(chosen):
        odd = _Builder(messages, documents, headers, found, places, chosen, shapes).odd_messages()
        chosen = chosen[~odd]
    if not len(chosen):
        return ReadMessages({}, {}, list(range(len(messages))))
    builder = _Builder(messages, documents, headers, found, places, chosen, shapes)
    tables, keys = builder.tables()
    kept = set(chosen.tolist())
    return ReadMessages(tables, keys, [n for n in range(len(messages)) if n not in kept])


def _shapes_of(
    messages: Sequence[MxMessage], documents: Elements, shapes: Shapes
) -> list[Shape | None]:
    """Shape of each document, None where it is odd or not known."""
    outlines = [
        None if odd else (message.namespaces, outline)
        for message, outline, odd in zip(
            messages, documents.outlines(), documents.odd.tolist(), strict=True
        )
    ]
    known = shapes.outlines
    for outline, count in Counter(outlines).items():
        if outline is None or outline in known or count < 2:
            continue
        document = messages[outlines.index(outline)].document
        # A shape is recorded when it is met again.
        known[outline] = shapes.learn(document, outline[0]) or shapes.learn(document, outline[0])
    return [None if outline is None else known.get(outline) for outline in outlines]


def _headers_of(
    messages: Sequence[MxMessage], headers: Elements, shapes: Shapes
) -> list[HeaderPlaces | None]:
    """Where the values of each header stand, None where it is odd."""
    known = shapes.header_outlines
    found: list[HeaderPlaces | None] = []
    outlines, odd = headers.outlines(), headers.odd.tolist()
    for number, message in enumerate(messages):
        if message.header is None:
            found.append(_NO_HEADER)
            continue
        if odd[number]:
            found.append(None)
            continue
        outline = (message.namespaces, outlines[number])
        if outline not in known:
            known[outline] = shapes.learn_header(message.header, message.namespaces)
        found.append(known[outline])
    return found


_NO_HEADER: HeaderPlaces = {}


class _Builder:
    """Makes the rows of some of the messages."""

    def __init__(
        self,
        messages: Sequence[MxMessage],
        documents: Elements,
        headers: Elements,
        found: Sequence[Shape | None],
        places: Sequence[HeaderPlaces | None],
        chosen: Positions,
        shapes: Shapes,
    ) -> None:
        numbers = chosen.tolist()
        self._messages = [messages[n] for n in numbers]
        self._documents, self._headers = documents, headers
        self._chosen, self._kept = chosen, shapes
        self._places = [places[n] or _NO_HEADER for n in numbers]
        of_message = [found[n] for n in numbers]
        self._distinct = list({id(shape): shape for shape in of_message if shape}.values())
        number_of = {id(shape): n for n, shape in enumerate(self._distinct)}
        self._shape = np.array([number_of[id(shape)] for shape in of_message], dtype=np.int64)
        # The transactions of all distinct shapes, one behind another.
        self._told = [told for shape in self._distinct for told in shape.transactions]
        sizes = np.array([len(shape.transactions) for shape in self._distinct], dtype=np.int64)
        first = np.cumsum(sizes) - sizes
        counts = sizes[self._shape]
        self._counts = counts
        self.message_of = np.repeat(np.arange(len(numbers)), counts)
        self._ordinal = ramp(counts)
        self._kind = first[self._shape][self.message_of] + self._ordinal
        self._first = documents.first_text[chosen][self.message_of]

    def odd_messages(self) -> Flags:
        """Messages with an amount, a date or a reason that is not read here."""
        odd = np.array([len(told.reason_texts) > 1 for told in self._told])[self._kind]
        for number, currency in _MONEY:
            texts = self._texts_of([getattr(told, number) for told in self._told])
            odd |= _false(pc.match_substring_regex(texts, _AMOUNT))
            allowed = [decimals_of(getattr(told, currency) or "") for told in self._told]
            decimals = np.array(allowed, dtype=np.int64)[self._kind]
            for places in set(allowed):
                finer = pc.match_substring_regex(texts, rf"\.[0-9]{{{places}}}[0-9]*[1-9]")
                odd |= (decimals == places) & _true(finer)
        _, wrong = _dates(self._texts_of([told.value_date for told in self._told]))
        odd |= wrong
        messages = np.zeros(len(self._messages), dtype=np.bool_)
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
        numbers, party_of, texts, text_of = steps.read(self._kind, self._first)
        kept = self._kept.parties
        parties = kept.columns(numbers)
        senders, receivers = sides_of(
            {side: messages[side].to_pylist() for side in ("sender_bic", "receiver_bic")},
            parties,
            self.message_of[party_of],
        )
        tests = {sender: is_test_bic(sender) for sender in set(senders)}
        messages["is_test"] = pa.array([tests[sender] for sender in senders])
        for side, told in (("sender_bic", senders), ("receiver_bic", receivers)):
            messages[side] = pa.array(told, pa.string())
            transactions[side] = messages[side].take(pa.array(self.message_of))
        transactions |= ends_of(parties, numbers, party_of, kept, len(self.message_of))
        ids = transactions["transaction_id"]
        roles = parties["role"].dictionary_encode()
        codes = roles.indices.to_numpy().astype(np.int64)
        parties["transaction_id"] = ids.take(pa.array(party_of))
        parties["ordinal"] = ordinals(party_of * (len(roles.dictionary) + 1) + codes)
        texts["transaction_id"] = ids.take(pa.array(text_of))
        keys = np.array([m.key for m in self._messages], dtype=np.int64)
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
        given = {id(m.given): m.given for m in self._messages}
        place = {told: n for n, told in enumerate(given)}
        which = pa.array([place[id(m.given)] for m in self._messages])
        for name in next(iter(given.values())).values:
            told = pa.array([g.values[name] for g in given.values()], pa.string())
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
        contents = self._documents.unindented()
        sha256 = hashlib.sha256
        hashes = [sha256(contents[n]).hexdigest() for n in self._chosen.tolist()]
        return made | facts | {
            "message_id": pa.array(self._ids(), pa.string()),
            "byte_offset": pa.array([m.offset for m in self._messages]),
            "byte_length": pa.array([m.length for m in self._messages]),
            "content_sha256": pa.array(hashes, pa.string()),
            "format": pa.repeat("MX", len(self._messages)),
            "message_type": types.take(pa.array(self._shape)),
            "variant": pa.array([variants[pair] for pair in pairs], pa.string()),
            "transaction_count": pa.array(self._counts.astype(np.int32)),
        }  # fmt: skip

    def _ids(self) -> list[str]:
        begun: dict[int, hashlib._Hash] = {}
        ids = []
        for message in self._messages:
            start = begun.get(id(message.given))
            if start is None:
                start = begun[id(message.given)] = hashlib.sha256(message.given.id_start)
            hashed = start.copy()
            hashed.update(b"%d" % message.offset)
            ids.append(hashed.hexdigest()[:20])
        return ids

    def _header_columns(self) -> dict[str, pa.Array]:
        distinct = list({id(place): place for place in self._places}.values())
        number_of = {id(place): n for n, place in enumerate(distinct)}
        which = np.array([number_of[id(place)] for place in self._places], dtype=np.int64)
        first = self._headers.first_text[self._chosen]
        made: dict[str, pa.Array] = {}
        for name in _FACTS:
            told = np.array(
                [-1 if (n := place.get(name)) is None else n for place in distinct], dtype=np.int64
            )[which]
            made[name] = self._headers.take(first + told, told < 0)
        made["possible_duplicate"] = pc.equal(made["possible_duplicate"], "true")
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
        rejected = pc.fill_null(pc.equal(made["status_code"], "RJCT"), False)
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
            "transaction_id": pc.binary_join_element_wise(ids, ordinal.cast(pa.string()), "-"),
            "message_id": ids,
            "ordinal": ordinal,
            "message_type": messages["message_type"].take(of),
            "kind": pc.if_else(rejected, "reject", kinds),
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


def _dates(texts: pa.Array) -> tuple[pa.Array, Flags]:
    """The dates, and which texts are none."""
    coded = texts.dictionary_encode()
    days = [iso_date(text) for text in coded.dictionary.to_pylist()]
    found = pa.array(days, pa.date32()).take(coded.indices)
    return found, _null(found) & ~_null(texts)


def _false(column: pa.Array) -> Flags:
    """Where it is false, and not null."""
    return np.asarray(pc.fill_null(pc.invert(column), False).to_numpy(zero_copy_only=False))


def _true(column: pa.Array) -> Flags:
    """Where it is true, and not null."""
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False))


def _null(column: pa.Array) -> Flags:
    return np.asarray(column.is_null().to_numpy(zero_copy_only=False))
