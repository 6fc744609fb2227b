"""The mapping file: how the columns of a bank's own export become transactions, parties and texts.

A TOML file with one section `[[export]]` for each kind of export; the first whose
`files` matches a file's name reads it, any other file is read as messages. A value
is the name of a column, a list of such names, or `{ value = "..." }` for all rows.
Whatever is misspelt stops the program: a column that is silently not read is a party
that is silently not screened.
"""

import codecs
import difflib
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from scanner.errors import UsageError
from scanner.ingest import mt_fields, mx_elements

MESSAGE_VALUES = (
    "message_type", "service", "direction", "sender_bic", "receiver_bic", "message_reference",
    "created_on", "is_acknowledged", "possible_duplicate", "is_test",
)  # fmt: skip
"""What `[export.message]` may name: columns of `messages`."""

TRANSACTION_VALUES = (
    "reference", "related_reference", "instruction_id", "end_to_end_id", "uetr", "kind",
    "value_date", "currency", "amount", "instructed_currency", "instructed_amount",
    "purpose_code", "charge_bearer", "status_code", "reason_code", "reason_text",
)  # fmt: skip
"""What `[export.transaction]` may name: columns of `transactions`."""

PARTY_VALUES = (
    "name", "address", "town", "country", "account", "bic", "lei", "clearing_code", "identifier",
    "birth_date",
)  # fmt: skip
"""What `[[export.party]]` may name besides its role: columns of `parties`."""

AGENT_ROLES = frozenset(
    {
        *mt_fields.AGENT_ROLES_1XX.values(),
        *mt_fields.AGENT_ROLES_7XX.values(),
        *mx_elements.AGENT_ELEMENTS.values(),
        mx_elements.OTHER_AGENT,
    }
)
"""Roles that are a bank's."""

ROLES = AGENT_ROLES | {*mx_elements.CUSTOMER_ELEMENTS.values(), mx_elements.OTHER_CUSTOMER}
"""Roles that a party may have."""

TEXT_KINDS = frozenset(
    {
        *mt_fields.TEXT_KINDS.values(),
        *mt_fields.TEXT_KINDS_BY_TAG.values(),
        *mx_elements.TEXT_ELEMENTS.values(),
    }
)
"""Kinds that a text may have."""

TRANSACTION_KINDS = frozenset(
    {
        *mt_fields.KINDS.values(),
        *mt_fields.KINDS_BY_ENDING.values(),
        *mx_elements.KINDS.values(),
        "cover",
        "reject",
    }
)
"""Kinds that a transaction may have."""

_PLAIN_KEYS = (
    "files", "delimiter", "encoding", "columns", "decimal", "thousands", "signs", "date_format",
    "nulls", "raw_message", "line_end",
)  # fmt: skip
_SECTIONS = ("message", "transaction", "party", "text", "kinds")


@dataclass(frozen=True)
class Value:
    """Where a value comes from: the columns, joined, or a constant for all rows."""

    columns: tuple[str, ...] = ()
    constant: str | None = None


@dataclass(frozen=True)
class PartyColumns:
    """One party of each row."""

    role: str
    is_agent: bool
    values: Mapping[str, Value]


@dataclass(frozen=True)
class TextColumns:
    """One free text of each row; several columns are its lines."""

    kind: str
    text: Value


@dataclass(frozen=True)
class Export:
    """One kind of export.

    Attributes:
        files: Patterns of the names of its files.
        delimiter: Between the columns of a CSV file.
        encoding: Of a CSV file.
        columns: Names of the columns of a CSV file that has no header line.
        decimal: Sign before the decimals of an amount.
        thousands: Sign between thousands, empty for none.
        signs: Whether amounts may bear a sign, which is dropped: roles tell who pays.
        date_format: As of `strptime`.
        nulls: Words that stand for nothing, besides the empty one.
        raw_message: Column that holds whole messages, which the readers of messages read.
        line_end: What stands for a line end in that column.
        message: Values of `messages`.
        transaction: Values of `transactions`.
        parties: Parties of each row.
        texts: Texts of each row.
        kinds: The bank's words for the kind of a transaction, and ours.
    """

    files: tuple[str, ...]
    delimiter: str = ","
    encoding: str = "utf-8"
    columns: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str = ""
    signs: bool = False
    date_format: str = "%Y-%m-%d"
    nulls: tuple[str, ...] = ()
    raw_message: str | None = None
    line_end: tuple[str, ...] = ()
    message: Mapping[str, Value] = field(default_factory=dict)
    transaction: Mapping[str, Value] = field(default_factory=dict)
    parties: tuple[PartyColumns, ...] = ()
    texts: tuple[TextColumns, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)

    def used_columns(self) -> list[str]:
        """Every column that the mapping names, once."""
        named = [self.raw_message] if self.raw_message else []
        values = [
            *self.message.values(),
            *self.transaction.values(),
            *(value for party in self.parties for value in party.values.values()),
            *(text.text for text in self.texts),
        ]
        named += [column for value in values for column in value.columns]
        return list(dict.fromkeys(named))

    def require_columns(self, found: Collection[str], where: str) -> None:
        """Refuse a file that lacks a column of the mapping, or has one twice.

        Raises:
            UsageError: Names the file and the column.
        """
        for column in self.used_columns():
            if column not in found:
                near = difflib.get_close_matches(column, found, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(found)}"
                raise UsageError(
                    f"the mapping names a column {column!r} that the file does not have",
                    where=where,
                    hint=hint,
                )
            if list(found).count(column) > 1:
                raise UsageError(
                    f"the column {column!r} stands twice in the file",
                    where=where,
                    hint="name all columns in `columns`, or export again",
                )


@dataclass(frozen=True)
class ExportMapping:
    """All exports that a mapping file tells of."""

    exports: tuple[Export, ...] = ()

    def of(self, name: str) -> Export | None:
        """The export that a file of this name is, None for a file of messages."""
        plain = name.rpartition("/")[2]
        for export in self.exports:
            if any(fnmatchcase(plain, pattern) for pattern in export.files):
                return export
        return None


def read_mapping(path: Path) -> ExportMapping:
    """Read a mapping file.

    Raises:
        UsageError: It cannot be read, or a key or name in it is unknown.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            "the mapping file cannot be read", where=f"{path}: {error.strerror}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("the mapping file is no TOML", where=f"{path}: {error}") from error
    _Section(path, "the file", told).only(("export",))
    sections = told.get("export")
    if not isinstance(sections, list) or not sections:
        raise UsageError(
            "the mapping file tells of no export", where=str(path), hint="begin it with [[export]]"
        )
    return ExportMapping(
        tuple(
            _export(_Section(path, f"export {number}", section))
            for number, section in enumerate(sections, start=1)
        )
    )


class _Section:
    """One table of the file, with what it takes to say where a fault is."""

    def __init__(self, path: Path, name: str, told: Any) -> None:
        self._where, self._path, self._name = f"{path}: {name}", path, name
        if not isinstance(told, dict):
            raise self.fault("it must be a table")
        self._told: dict[str, Any] = told

    def fault(self, what: str, hint: str = "") -> UsageError:
        """An error at this place."""
        return UsageError(what, where=self._where, hint=hint)

    def only(self, known: Collection[str]) -> None:
        """Refuse a key that nobody reads."""
        for key in self._told:
            self.known(key, known, "key")

    def known(self, name: str, known: Collection[str], what: str) -> str:
        """The name, if it is one of those known."""
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
            raise self.fault(f"unknown {what} {name!r}", hint)
        return name

    def text(self, key: str, default: str) -> str:
        """A plain text."""
        value = self._told.get(key, default)
        if not isinstance(value, str):
            raise self.fault(f"{key} must be a text")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where it is not named."""
        value = self._told.get(key, False)
        if not isinstance(value, bool):
            raise self.fault(f"{key} must be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self._told.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            raise self.fault(f"{key} must be a text or a list of texts")
        return tuple(listed)

    def values(self, known: Collection[str]) -> dict[str, Value]:
        """The values that this table names."""
        self.only(known)
        return {key: self.value(key) for key in self._told}

    def value(self, key: str) -> Value:
        """One value."""
        told = self._told.get(key)
        if isinstance(told, dict):
            if set(told) != {"value"} or not isinstance(told["value"], str):
                raise self.fault(f'{key} must be a column or {{ value = "..." }}')
            return Value(constant=told["value"])
        columns = self.texts(key)
        if not columns:
            raise self.fault(f"{key} names no column")
        return Value(columns)

    def table(self, key: str) -> "_Section":
        """A table inside this one; empty where it is not there."""
        return _Section(self._path, f"{self._name}, {key}", self._told.get(key, {}))

    def tables(self, key: str) -> Iterator["_Section"]:
        """Tables of a list inside this one."""
        listed = self._told.get(key, [])
        if not isinstance(listed, list):
            raise self.fault(f"write [[export.{key}]] with two brackets")
        for number, told in enumerate(listed, start=1):
            yield _Section(self._path, f"{self._name}, {key} {number}", told)

    def without(self, *keys: str) -> "_Section":
        """This table without some keys."""
        rest = {key: value for key, value in self._told.items() if key not in keys}
        return _Section(self._path, self._name, rest)


def _export(section: _Section) -> Export:
    section.only((*_PLAIN_KEYS, *_SECTIONS))
    export = Export(
        files=section.texts("files"),
        delimiter=section.text("delimiter", ","),
        encoding=section.text("encoding", "utf-8"),
        columns=section.texts("columns"),
        decimal=section.text("decimal", "."),
        thousands=section.text("thousands", ""),
        signs=section.flag("signs"),
        date_format=section.text("date_format", "%Y-%m-%d"),
        nulls=section.texts("nulls"),
        raw_message=section.text("raw_message", "") or None,
        line_end=section.texts("line_end"),
        message=section.table("message").values(MESSAGE_VALUES),
        transaction=section.table("transaction").values(TRANSACTION_VALUES),
        parties=tuple(_party(party) for party in section.tables("party")),
        texts=tuple(_text(text) for text in section.tables("text")),
        kinds=_kinds(section),
    )
    _refuse_contradictions(section, export)
    return export


def _party(section: _Section) -> PartyColumns:
    role = section.known(section.text("role", ""), ROLES, "role")
    values = section.without("role").values(PARTY_VALUES)
    if not values:
        raise section.fault(f"the party {role} names no column")
    return PartyColumns(role, role in AGENT_ROLES, values)


def _text(section: _Section) -> TextColumns:
    section.only(("kind", "text"))
    return TextColumns(
        section.known(section.text("kind", ""), TEXT_KINDS, "kind of text"), section.value("text")
    )


def _kinds(section: _Section) -> dict[str, str]:
    table = section.table("kinds")
    found = {key: value.columns[0] for key, value in table.values(_Anything()).items()}
    for kind in found.values():
        table.known(kind, TRANSACTION_KINDS, "kind of transaction")
    return found


class _Anything(Collection[str]):
    """Every key is known: they are the bank's own words."""

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _refuse_contradictions(section: _Section, export: Export) -> None:
    if not export.files:
        raise section.fault("it names no files", 'write for example files = ["payments-*.csv"]')
    if len(export.delimiter) != 1 or len(export.decimal) != 1 or len(export.thousands) > 1:
        raise section.fault("delimiter, decimal and thousands are single signs")
    if export.decimal == export.thousands:
        raise section.fault("decimal and thousands are the same sign")
    try:
        keeps_ascii = "\n,".encode(export.encoding) == b"\n,"
        codecs.lookup(export.encoding)
    except LookupError:
        keeps_ascii = False
    if not keeps_ascii:
        raise section.fault(
            f"the encoding {export.encoding!r} is not known here",
            "UTF-16 with its mark is seen by itself: leave encoding out",
        )
    if export.raw_message:
        if export.transaction or export.parties or export.texts:
            raise section.fault(
                "raw_message is read by the readers of messages; nothing else of a row is",
                "drop transaction, party and text, or raw_message",
            )
        return
    if export.line_end:
        raise section.fault("line_end belongs to raw_message")
    if not export.parties:
        raise section.fault(
            "it names no party, so nobody would be screened", "add [[export.party]]"
        )
    if "amount" in export.transaction and "currency" not in export.transaction:
        raise section.fault("an amount needs its currency")
