"""Plain FIN messages to columns, all messages of a chunk at once.

What is read is what `fin`, `mt` and `mt_party` read, column by column instead of
message by message; the tests hold both against each other. Messages that ask for
more (returns, answers, lists of transfers, statements, RUR6, values that cannot be read)
are named and left to the careful reader.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.identifiers import is_test_bic
from scanner.ingest.byte_forms import Bytes, Flags, Positions, rows_at
from scanner.ingest.columns import Given, ordinals, table_of, unscreened
from scanner.ingest.fin import bic_of_terminal
from scanner.ingest.fin_fields import Money
from scanner.ingest.fin_found import (
    NO_DAY,
    USE_CODES,
    VARIANTS,
    Found,
    days_since_1970,
    find,
    numbered,
)
from scanner.ingest.fin_layout import ChunkText, PlainFin
from scanner.ingest.mt import CHARGE_BEARERS, kind_of, screened_as
from scanner.ingest.mt_values import RESIDENCES
from scanner.ingest.party_columns import PartyColumns, lacks_country
from scanner.ingest.spans import Spans, decimals, of_width
from scanner.schema import TABLES

_DECIMAL = TABLES["transactions"].arrow_schema.field("amount").type
_TERMINAL_BYTES = 12
_DATE_BYTES = 6


@dataclass
class ReadColumns:
    """Rows of plain messages.

    Attributes:
        tables: Columns by table.
        offsets: Offset in the file of the message of each row, by table.
        left: Numbers of the messages that need the careful reader.
    """

    tables: dict[str, pa.Table] = field(default_factory=dict)
    offsets: dict[str, Positions] = field(default_factory=dict)
    left: Positions = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def read_plain(plain: PlainFin, given: Given, parties: PartyColumns) -> ReadColumns:
    """Read the plain messages of a chunk.

    Args:
        plain: The messages.
        given: What their container tells.
        parties: Parties read so far; takes up the new ones.
    """
    text = plain.text or ChunkText.of(plain.chunk)
    found = find(text, plain.layout)
    found.odd[_needing_residence(text, found)] = True
    made = ReadColumns(left=np.flatnonzero(found.odd))
    kept = ~found.odd
    if not kept.any():
        return made
    _Builder(text, plain, kept, found, given, parties).build(made)
    return made


def _needing_residence(text: ChunkText, found: Found) -> list[int]:
    """Messages whose field 77B gives a customer the country; see `mt._add_residences`."""
    numbers = [n for n, m in enumerate(found.meanings) if m.name in RESIDENCES.values()]
    fields = found.fields
    told = found.tells_residence & ~found.odd
    which = np.flatnonzero(told[fields.message] & np.isin(found.combination, numbers))
    return [
        message
        for message, start, end in zip(
            fields.message[which].tolist(), (fields.line[which] + 2).tolist(),
            fields.end[which].tolist(), strict=True,
        )
        if lacks_country(text.content[start:end].decode())
    ]  # fmt: skip


class _Builder:
    """Makes the rows of the messages that are read here."""

    def __init__(
        self,
        text: ChunkText,
        plain: PlainFin,
        kept: Flags,
        found: Found,
        given: Given,
        parties: PartyColumns,
    ) -> None:
        self._codes, self._given, self._parties = text.codes, given, parties
        self._text = text.content
        self._layout = plain.layout.chosen(kept)
        self._offset = plain.offset + self._layout.raw_start
        self._acknowledged = plain.acknowledged[kept]
        self._count = len(self._layout)
        self._fields = found.fields.of_messages(kept)
        self._found = found
        of_kept = kept[found.fields.message]
        self._combination = found.combination[of_kept]
        self._use = found.uses[self._combination]
        self._header = found.header.of_messages(kept)
        self._trailer = found.trailer.of_messages(kept)
        self._uetrs = found.uetrs[kept]
        self._type, self._variant = found.message_type[kept], found.variant[kept]
        of_kept_money = of_kept[found.money_fields]
        self._money = Money(
            found.money.currency[of_kept_money],
            found.money.units[of_kept_money],
            found.money.day[of_kept_money],
            found.money.odd[of_kept_money],
        )
        self._values = Spans(self._text, self._fields.start, self._fields.end)
        self._tagged = Spans(self._text, self._fields.line + 2, self._fields.end)

    def build(self, made: ReadColumns) -> None:
        """Make the tables, and name messages that turn out to be odd after all."""
        messages = self._messages()
        ids = of_width(self._ids)
        of_transaction = np.concatenate(
            (self._ids, np.broadcast_to(np.frombuffer(b"-1", np.uint8), (self._count, 2))), axis=1
        )
        party_fields = self._of_use("party")
        numbers = self._party_numbers(party_fields)
        transactions = self._transactions(messages, party_fields, numbers)
        columns = {
            "messages": messages | {"message_id": ids},
            "transactions": transactions
            | {"message_id": ids, "transaction_id": of_width(of_transaction)},
            "parties": self._party_rows(party_fields, numbers, of_transaction),
        }
        columns["texts"], text_message = self._texts(of_transaction)
        made.tables = {name: table_of(name, made_of) for name, made_of in columns.items()}
        made.offsets = {
            "messages": self._offset,
            "transactions": self._offset,
            "parties": self._offset[self._fields.message[party_fields]],
            "texts": self._offset[text_message],
        }

    def _of_use(self, use: str) -> Positions:
        return np.flatnonzero(self._use == USE_CODES[use])

    # -- messages

    def _messages(self) -> dict[str, pa.Array]:
        count, layout = self._count, self._layout
        entered = self._codes[layout.start + 32] == ord("I")
        own = rows_at(self._codes, layout.start + 6, _TERMINAL_BYTES)
        other_at = layout.start + 29 + np.where(entered, 7, 17)
        other = rows_at(self._codes, other_at, _TERMINAL_BYTES)
        bics, bic_codes = self._bics(np.concatenate((own, other)))
        own_bic, other_bic = bic_codes[:count], bic_codes[count:]
        sender = np.where(entered, own_bic, other_bic)
        receiver = np.where(entered, other_bic, own_bic)
        is_test = np.array([is_test_bic(bic) for bic in bics], dtype=np.bool_)[sender]
        bic_column = pa.array(bics, pa.string())
        kinds, kind_codes = self._kinds()
        message_types = [f"MT{t}{'COV' if v == 'COV' else ''}" for t, v in kinds]
        sent = rows_at(self._codes, other_at - _DATE_BYTES, _DATE_BYTES).astype(np.int64) - 48
        created = np.where(entered, -1, sent @ np.array([100_000, 10_000, 1_000, 100, 10, 1]))
        has_uetr = self._header.named("121", count)[2]
        service = self._service()
        senders, receivers = bic_column.take(sender), bic_column.take(receiver)
        self._kind_column = pa.array([kind_of(t, v) for t, v in kinds], pa.string()).take(
            kind_codes
        )
        self._ids = self._hashed_ids()
        made = {
            "byte_offset": pa.array(self._offset),
            "byte_length": pa.array(layout.raw_end - layout.raw_start),
            "format": pa.repeat("MT", count),
            "message_type": pa.array(message_types, pa.string()).take(kind_codes),
            "variant": pa.array(VARIANTS, pa.string()).take(self._variant),
            "service": service,
            "direction": pa.array(["output", "input"]).take(entered.astype(np.int64)),
            "sender_bic": senders,
            "receiver_bic": receivers,
            "uetr": of_width(self._uetrs, has_uetr),
            "message_reference": self._header_value("108"),
            "created_on": _date_column(created),
            "is_acknowledged": pa.array(self._acknowledged == 1, mask=self._acknowledged < 0),
            "possible_duplicate": pa.array(self._trailing("PDE") | self._trailing("PDM")),
            "is_test": pa.array(self._trailing("TNG") | is_test),
            "repaired": pa.repeat(False, count),
            "repairs": pa.array([[]], pa.list_(pa.string())).take(np.zeros(count, np.int64)),
            "screening_code": self._mapped("433", screened_as),
            "content_sha256": self._content_hashes(
                [f"{name}\n" for name in message_types], kind_codes, bics, sender, receiver
            ),
            "transaction_count": pa.repeat(pa.scalar(1, pa.int32()), count),
        }
        return made | {
            name: pa.repeat(pa.scalar(value, pa.string()), count)
            for name, value in self._given.values.items()
        }

    def _bics(self, terminals: Bytes) -> tuple[list[str | None], Positions]:
        coded = of_width(terminals).dictionary_encode()
        bics = [bic_of_terminal(terminal) for terminal in coded.dictionary.to_pylist()]
        return bics, coded.indices.to_numpy().astype(np.int64)

    def _kinds(self) -> tuple[list[tuple[str, str | None]], Positions]:
        """Message types with variants, and the number of each message's."""
        numbers, keys = numbered(self._type * len(VARIANTS) + self._variant, 10_000)
        pairs = [divmod(key, len(VARIANTS)) for key in keys.tolist()]
        return [(f"{kind:03d}", VARIANTS[variant]) for kind, variant in pairs], numbers

    def _header_value(self, name: str) -> pa.Array:
        """Values of one name in block 3; null without, or where it is empty."""
        start, end, has = self._header.named(name, self._count)
        which = np.flatnonzero(has & (end > start))
        found = Spans(self._text, start[which], end[which])
        return _spread(found, which, self._count)

    def _service(self) -> pa.Array:
        return pc.coalesce(self._header_value("111"), self._header_value("103"))

    def _mapped(self, name: str, meaning: Callable[[str], str | None]) -> pa.Array:
        values = self._header_value(name)
        return _mapped(values, meaning)

    def _trailing(self, name: str) -> Flags:
        return self._trailer.named(name, self._count)[2]

    def _hashed_ids(self) -> Bytes:
        begun = hashlib.sha256(self._given.id_start)
        digests = []
        for offset in self._offset.tolist():
            hashed = begun.copy()
            hashed.update(b"%d" % offset)
            digests.append(hashed.digest()[:10])
        return _hexadecimal(digests, 20)

    def _content_hashes(
        self,
        types: Sequence[str],
        kind: Positions,
        bics: Sequence[str | None],
        sender: Positions,
        receiver: Positions,
    ) -> pa.Array:
        """See `mt._content_hash`: of a plain message, the fields joined are its text.

        Between the UETR and the first field stands the line feed behind block 4's opening.
        """
        bic_lines = [f"{bic or ''}\n" for bic in bics]
        start, end, _ = self._header.named("121", self._count)
        text, sha256 = self._text, hashlib.sha256
        joined = pa.array((kind * len(bics) + sender) * len(bics) + receiver).dictionary_encode()
        numbers = joined.dictionary.to_pylist()
        pairs = [(*divmod(n // len(bics), len(bics)), n % len(bics)) for n in numbers]
        heads = [(types[k] + bic_lines[a] + bic_lines[b]).encode() for k, a, b in pairs]
        digests = [
            sha256(heads[head] + text[a:b] + text[c:d]).digest()
            for head, a, b, c, d in zip(
                joined.indices.to_pylist(), start.tolist(), end.tolist(),
                (self._layout.text_open + 3).tolist(), self._layout.text_close.tolist(),
                strict=True,
            )
        ]  # fmt: skip
        return of_width(_hexadecimal(digests, 64))

    # -- transactions

    def _transactions(
        self, messages: Mapping[str, pa.Array], party_fields: Positions, numbers: Positions
    ) -> dict[str, pa.Array]:
        count = self._count
        made = {
            "ordinal": pa.repeat(pa.scalar(1, pa.int32()), count),
            "message_type": messages["message_type"],
            "uetr": messages["uetr"],
            "sender_bic": messages["sender_bic"],
            "receiver_bic": messages["receiver_bic"],
            "kind": self._kind_column,
            "charge_bearer": _mapped(self._value_of("charge_bearer"), CHARGE_BEARERS.get),
        }
        for use in ("reference", "related_reference", "purpose_code"):
            made[use] = self._value_of(use)
        return made | self._amounts() | self._ends(messages, party_fields, numbers)

    def _value_of(self, use: str) -> pa.Array:
        """The last value of a use in each message; null where it is empty."""
        which = self._of_use(use)
        place, has = self._last(self._fields.message[which], which)
        empty = self._fields.end[place] == self._fields.start[place]
        return self._values.take(place, ~has | empty)

    def _last(self, message: Positions, values: Positions) -> tuple[Positions, Flags]:
        """Of each message the last of the values, and which messages have one."""
        last, has = np.zeros(self._count, dtype=np.int64), np.zeros(self._count, dtype=np.bool_)
        last[message], has[message] = values, True
        return last, has

    def _amounts(self) -> dict[str, pa.Array]:
        is_money = (self._use == USE_CODES["money"]) | (self._use == USE_CODES["instructed_money"])
        which = np.flatnonzero(is_money)
        message, instructed = self._fields.message[which], self._use[which] != USE_CODES["money"]
        made: dict[str, pa.Array] = {}
        for prefix, chosen in (("", ~instructed), ("instructed_", instructed)):
            own = np.flatnonzero(chosen)
            place, has = self._last(message[own], own)
            made[f"{prefix}currency"] = of_width(self._money.currency[place], has)
            made[f"{prefix}amount"] = decimals(self._money.units[place], has, _DECIMAL)
        dated = np.flatnonzero(~instructed & (self._money.day >= 0))
        place, has = self._last(message[dated], dated)
        made["value_date"] = _date_column(np.where(has, self._money.day[place], -1))
        return made

    def _ends(
        self, messages: Mapping[str, pa.Array], party_fields: Positions, numbers: Positions
    ) -> dict[str, pa.Array]:
        """See `mt._ends_of`."""
        message = self._fields.message[party_fields]
        names = [m.name for m in self._found.meanings]
        combination = self._combination[party_fields]

        def last_of(role: str) -> tuple[Positions, Flags]:
            is_role = np.array([name == role for name in names], dtype=np.bool_)
            own = np.flatnonzero(is_role[combination])
            return self._last(message[own], numbers[own])

        made: dict[str, pa.Array] = {}
        for end, side in (("debtor", "sender_bic"), ("creditor", "receiver_bic")):
            last, has = last_of(end)
            taken = pa.array(last, mask=~has)
            made[f"{end}_name"] = self._parties.shown(taken)
            made[f"{end}_country"] = self._parties.column("country", taken)
            made[f"{end}_account"] = self._parties.column("account", taken)
            last, has = last_of(f"{end}_agent")
            told = self._parties.column("bic", pa.array(last, mask=~has))
            made[f"{end}_agent_bic"] = pc.coalesce(told, messages[side])
        return made

    # -- parties and texts

    def _party_numbers(self, party_fields: Positions) -> Positions:
        agents = np.array([m.is_agent for m in self._found.meanings], dtype=np.bool_)
        is_agent = agents[self._combination[party_fields]]
        numbers = np.zeros(len(party_fields), dtype=np.int64)
        self._parties.forget_many()
        for flag in (False, True):
            which = np.flatnonzero(is_agent == flag)
            keys = self._tagged.take(party_fields[which])
            numbers[which] = self._parties.numbers(keys, is_agent=flag)
        return numbers

    def _party_rows(
        self, which: Positions, numbers: Positions, of_transaction: Bytes
    ) -> dict[str, pa.Array]:
        combination = self._combination[which]
        names = [m.name for m in self._found.meanings]
        return self._parties.columns(pa.array(numbers)) | {
            "transaction_id": of_width(of_transaction[self._fields.message[which]]),
            "role": pa.array(names, pa.string()).take(combination),
            "ordinal": self._ordinals(which, names),
            "level": pa.array(self._found.levels, pa.string()).take(combination),
            "field_path": pa.array(self._found.paths, pa.string()).take(combination),
        }

    def _ordinals(self, which: Positions, names: Sequence[str]) -> pa.Array:
        """Place of each field among those of its name in its message, from 1."""
        known = {name: number for number, name in enumerate(dict.fromkeys(names))}
        code = np.array([known[name] for name in names], dtype=np.int64)
        key = self._fields.message[which] * max(1, len(known)) + code[self._combination[which]]
        return ordinals(key)

    def _texts(self, of_transaction: Bytes) -> tuple[dict[str, pa.Array], Positions]:
        is_place = self._use == USE_CODES["place"]  # behind the date of the same field
        start = self._fields.start + np.where(is_place, _DATE_BYTES, 0)
        which = np.flatnonzero(
            (is_place | (self._use == USE_CODES["text"])) & (self._fields.end > start)
        )
        message, combination = self._fields.message[which], self._combination[which]
        names = ["place" if m.use == "place" else m.name for m in self._found.meanings]
        texts = Spans(self._text, start[which], self._fields.end[which]).every()
        return {
            "transaction_id": of_width(of_transaction[message]),
            "kind": pa.array(names, pa.string()).take(combination),
            "ordinal": self._ordinals(which, names),
            "text": texts,
            "field_path": pa.array(self._found.paths, pa.string()).take(combination),
            "unscreened": unscreened(texts),
        }, message


def _mapped(values: pa.Array, meaning: Callable[[str], str | None]) -> pa.Array:
    """Each value's meaning, asked once for each distinct value."""
    coded = values.dictionary_encode()
    meanings = pa.array([meaning(value) for value in coded.dictionary.to_pylist()], pa.string())
    return meanings.take(coded.indices)


def _spread(found: Spans, which: Positions, count: int) -> pa.Array:
    place, missing = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.bool_)
    place[which], missing[which] = np.arange(len(which)), False
    return found.take(place, missing)


def _date_column(digits: Positions) -> pa.Array:
    days = days_since_1970(digits)
    return pa.array(days, mask=days == NO_DAY).cast(pa.date32())


def _hexadecimal(digests: Sequence[bytes], width: int) -> Bytes:
    joined = b"".join(digests).hex().encode()
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, width)
