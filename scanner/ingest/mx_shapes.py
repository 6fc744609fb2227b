"""ISO 20022 messages of a shape that was met before, read without parsing them again.

A bank writes its messages in few shapes: the same elements in the same order, with
other texts. Of a message without its texts, the shape, the careful reader's walk is
recorded once: which text is which value, and which parts are parties. On the next
message of the shape only the texts are cut out and put in place; a party is read
by the careful reader unless one with the same texts was read before.

What is not certain to give the careful reader's rows is left to it: comments,
CDATA, entities beyond the five, texts of several lines or with blanks around them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from lxml import etree

from scanner.ingest.kept_parties import KeptParties
from scanner.ingest.mx import (
    Around,
    Facts,
    Walk,
    account_of,
    begun,
    is_cover,
    name_type,
    path_of,
    read_amounts,
    read_date,
    read_references,
    role_of,
    transaction_elements,
)
from scanner.ingest.mx_document import (
    UnreadableXmlError,
    header_facts,
    header_texts,
    message_type_of,
    parse,
)
from scanner.ingest.mx_elements import AMOUNT_NEEDED, TEXT_ELEMENTS, is_code
from scanner.ingest.mx_party import local_name, told_of
from scanner.ingest.mx_party_columns import PartyPlaces
from scanner.ingest.rows import Rows

# A text that XML allows, on one line, without blanks around it, between a tag and an end tag.
_OUTSIDE = r"<>\x00-\x1f\ud800-\udfff\ue000\ufffe\uffff"
_TEXT = re.compile(rf">([^\s{_OUTSIDE}](?:[^{_OUTSIDE}]*[^\s{_OUTSIDE}])?)</")
_MARK = "\ue000abc"  # three letters: a mark is a text, not a code
_NUMBERED_MARK = re.compile(rf"(?<={_MARK})[0-9]+")
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_MOST_SHAPES = 1_000
_MOST_SEEN = 20_000
_MOST_PARTIES = 20_000

Key = tuple[str | None, ...]
ReadPart = tuple[tuple[int, ...], tuple[tuple[str, str, str], ...]]
"""Numbers of the kept parties, and kind, text and path of texts."""
Texts = Sequence[str | None] | Mapping[int, str]
"""Texts of a message by their numbers; at least those that are asked for."""
HeaderPlaces = dict[str, int | None]
"""Number of the text of each value of a business header."""
VALUES = (
    "reference", "related_reference", "instruction_id", "end_to_end_id", "uetr", "purpose_code",
    "charge_bearer", "status_code", "reason_code",
)  # fmt: skip
"""Columns of a transaction that are texts of its message as they are."""


class _NotPlainError(Exception):
    """A message or shape that only the careful reader reads."""


@dataclass
class Line:
    """A text of a transaction; `name` of its element where the text itself may be a code."""

    number: int
    kind: str
    path: str
    name: str | None


@dataclass
class Part:
    """A part of a transaction that names a party: read once for the same texts.

    Attributes:
        places: Where what is told of its party stands, if it is read with others together.
        lines: The texts that it holds besides.
    """

    _read: Callable[[Walk], None]
    _kind: str
    _leaves: list[tuple[etree._Element, int]]
    _known: dict[Key, ReadPart]
    places: PartyPlaces | None = None
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.numbers = [number for _, number in self._leaves]
        self._key = _getter(self.numbers)

    def rows(self, texts: Texts, parties: KeptParties) -> ReadPart:
        """What it says with these texts."""
        key = self._key(texts)
        found = self._known.get(key)
        if found is None:
            for leaf, number in self._leaves:
                leaf.text = texts[number]
            rows = Rows()
            self._read(Walk(rows, {"transaction_id": "", "kind": self._kind}))
            found = self._known[key] = (
                tuple(parties.add(party) for party in rows.parties),
                tuple((text["kind"], text["text"], text["field_path"]) for text in rows.texts),
            )
        return found


@dataclass
class ShapedTransaction:
    """Where a transaction's values stand among a message's texts; a missing one is the last.

    Attributes:
        steps: Its parties and texts, in their order.
        values: Takes the values of `VALUES`.
        numbers: Where these stand.
        kind: As long as its status does not tell a reject.
        currency: Of the amount.
        amount: Number of the amount's text.
        instructed_currency: Of the instructed amount.
        instructed_amount: Number of the instructed amount's text.
        value_date: Number of the date's text.
        reason_texts: Numbers of the lines of the reason.
    """

    steps: list[Part | Line]
    values: Callable[[Sequence[str | None]], tuple[str | None, ...]]
    numbers: list[int]
    kind: str
    currency: str | None
    amount: int
    instructed_currency: str | None
    instructed_amount: int
    value_date: int
    reason_texts: list[int]


@dataclass
class Shape:
    """What a document of one shape holds."""

    message_type: str
    is_cover: bool
    transactions: list[ShapedTransaction]
    text_count: int


@dataclass
class Shaped:
    """A message by its shape: the shape, its texts with None behind the last, its header."""

    shape: Shape
    texts: list[str | None]
    header: dict[str, Any]


@dataclass
class Shapes:
    """Shapes of documents and headers met so far; bounded, and begun anew beyond."""

    _documents: dict[tuple[bytes, str], Shape | None] = field(default_factory=dict)
    _headers: dict[tuple[bytes, str], HeaderPlaces | None] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)
    _parts: dict[tuple[str, ...], dict[Key, ReadPart]] = field(default_factory=dict)

    parties: KeptParties = field(default_factory=KeptParties)
    # What is kept for messages that are read many at once, by their outlines.
    outlines: dict[tuple[bytes, bytes], Shape | None] = field(default_factory=dict)
    header_outlines: dict[tuple[bytes, bytes], HeaderPlaces | None] = field(default_factory=dict)
    read_parts: list[ReadPart] = field(default_factory=list)
    part_numbers: dict[int, dict[bytes, int]] = field(default_factory=dict)

    def forget_many(self) -> None:
        """Begin anew where more is kept than allowed; numbers of parties are void then."""
        kept = max(len(self.parties), len(self.read_parts))
        shapes = max(len(self._documents), len(self.outlines), len(self.header_outlines))
        if kept > _MOST_PARTIES or shapes > _MOST_SHAPES:
            self._documents.clear()
            self._parts.clear()
            self.outlines.clear()
            self.header_outlines.clear()
            self.read_parts.clear()
            self.part_numbers.clear()
            self.parties.clear()

    def learn(self, document: bytes, namespaces: bytes) -> Shape | None:
        """Shape of a document in ASCII; None as long as it was not met before."""
        try:
            parts = _parts(document.decode())
            return self._shape(_MARK.join(parts[::2]), namespaces, parts)
        except _NotPlainError:
            return None

    def learn_header(self, header: bytes, namespaces: bytes) -> HeaderPlaces | None:
        """Where the values of a business header in ASCII stand; None where it is odd."""
        try:
            parts = _parts(header.decode())
            return self._places(parts, namespaces)
        except (_NotPlainError, UnreadableXmlError):
            return None

    def find(self, header: str | None, document: str, namespaces: bytes) -> Shaped | None:
        """A message by its shape; None where the careful reader must read it.

        Args:
            header: Text of the business header, if there is one.
            document: Text of the document.
            namespaces: Declarations of the elements around both.
        """
        try:
            parts = _parts(document)
            shape = self._shape(_MARK.join(parts[::2]), namespaces, parts)
            if shape is None:
                return None
            told = self._header(header, namespaces)
            return Shaped(shape, [*_texts(parts, document), None], told)
        except (_NotPlainError, UnreadableXmlError):
            return None

    def _shape(self, outline: str, namespaces: bytes, parts: list[str]) -> Shape | None:
        key = (namespaces, outline)
        if key in self._documents:
            return self._documents[key]
        if not self._met_before(key):
            return None
        try:
            made = self._recorded(outline, namespaces, parts)
        except (_NotPlainError, UnreadableXmlError):
            made = None
        self._documents[key] = made
        return made

    def _met_before(self, key: tuple[bytes, str]) -> bool:
        """Recording costs more than reading: a shape met once may never come again."""
        mark = hash(key)
        if mark in self._seen:
            return True
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(mark)
        return False

    def _header(self, header: str | None, namespaces: bytes) -> dict[str, Any]:
        if header is None:
            return {}
        parts = _parts(header)
        places = self._places(parts, namespaces)
        if places is None:
            raise _NotPlainError
        texts = _texts(parts, header)
        return header_facts({name: None if n is None else texts[n] for name, n in places.items()})

    def _places(self, parts: list[str], namespaces: bytes) -> HeaderPlaces | None:
        key = (namespaces, _MARK.join(parts[::2]))
        if key not in self._headers:
            if len(self._headers) >= _MOST_SHAPES:
                self._headers.clear()
            self._headers[key] = _recorded_header(key[1], namespaces, parts)
        return self._headers[key]

    def _recorded(self, outline: str, namespaces: bytes, parts: list[str]) -> Shape:
        document = _marked(outline, namespaces, parts)
        if not len(document):
            raise _NotPlainError
        body = document[0]
        message_type = message_type_of(None, document)
        shape = Shape(message_type, is_cover(message_type, body), [], len(parts) // 2)
        row: dict[str, Any] = {"message_id": ""}
        name_type(row, message_type, is_cover=shape.is_cover)
        found = list(transaction_elements(body)) or [body]
        around = Around(body, found)
        for ordinal, element in enumerate(found, start=1):
            transaction = begun(row, ordinal)
            recorder = _Recorder(transaction, self._parts)
            recorder.read_all(element, around)
            shape.transactions.append(recorder.recorded(len(parts) // 2))
        return shape


class _Recorder(Walk):
    """The careful reader's walk over a document whose texts are marks."""

    def __init__(
        self, transaction: dict[str, Any], parts: dict[tuple[str, ...], dict[Key, ReadPart]]
    ) -> None:
        self._texts = Rows()
        super().__init__(self._texts, transaction)
        self._transaction, self._parts = transaction, parts
        self._steps: list[Part | Line] = []

    def recorded(self, missing: int) -> ShapedTransaction:
        """Where the values stand: the careful reader puts marks where it would put texts.

        Args:
            missing: Number of what a missing value is.
        """
        made, facts = self._transaction, self.facts
        family = made["message_type"][:8]
        numbered = Facts(facts.first, {})
        for name, (currency, text) in facts.money.items():
            numbered.money[name] = (currency, str(_number(text)))  # a number is an amount
        kind = made["kind"]
        read_references(made, facts)
        read_amounts(made, family, numbered)
        if made.get("amount") is None and family in AMOUNT_NEEDED:
            raise _NotPlainError
        dated: dict[str, Any] = {}
        days = {
            name: date.fromordinal(_number(text) + 1).isoformat()
            for name, text in facts.first.items()
        }
        read_date(dated, Facts(days))
        taken = [_number(made[name]) if made[name] else missing for name in VALUES]
        day = dated.get("value_date")
        return ShapedTransaction(
            self._steps,
            _getter(taken),
            taken,
            kind,
            made.get("currency"),
            int(made.get("amount", missing)),
            made.get("instructed_currency"),
            int(made.get("instructed_amount", missing)),
            day.toordinal() - 1 if day else missing,
            [_number(text) for text in facts.reason_texts],
        )

    def read_leaf(
        self,
        holder: etree._Element,
        leaf: etree._Element,
        name: str,
        text: str,
        kind: str | None,
        *,
        in_reason: bool,
    ) -> None:
        """Read a mark as a text, and note where it went."""
        number = _number(text)
        super().read_leaf(holder, leaf, name, text, kind, in_reason=in_reason)
        for row in self._texts.texts:
            line = Line(number, row["kind"], row["field_path"], None if kind else name)
            self._steps.append(line)
        self._texts.texts.clear()

    def read_party(
        self, holder: etree._Element, element: etree._Element, name: str, level: str | None
    ) -> None:
        """Note the party's element, and the account beside it."""
        accounts = [beside for beside in holder if local_name(beside) == f"{name}Acct"]
        part = self._part(
            [element, *accounts[:1]],
            f"party {level}",
            lambda walk: walk.read_party(holder, element, name, level),
        )
        told = told_of(element, account_of(holder, name))
        role, of_level = role_of(name, level, is_agent=told.is_agent)
        part.places = PartyPlaces.of(told, role, of_level, path_of(element), _number)
        for leaf, leaf_name, text in told.rest:
            kind = TEXT_ELEMENTS.get(leaf_name)
            if kind or not is_code(leaf_name, text):
                line = Line(
                    _number(text), kind or "narrative", path_of(leaf), None if kind else leaf_name
                )
                part.lines.append(line)

    def read_account(
        self, holder: etree._Element, account: etree._Element, level: str | None
    ) -> None:
        """Note an account that says more than its number."""
        rows = Rows()
        Walk(rows, self._transaction).read_account(holder, account, level)
        if rows.parties or rows.texts:
            self._part(
                [account],
                f"account {level} {len(rows.parties)}",
                lambda walk: walk.read_account(holder, account, level),
            )

    def _part(self, elements: list[etree._Element], how: str, read: Callable[[Walk], None]) -> Part:
        leaves = [
            (leaf, _number(leaf.text or ""))
            for element in elements
            for leaf in element.iter(etree.Element)
            if not len(leaf) and (leaf.text or "").strip()
        ]
        kind = self._transaction["kind"]
        outlines = [
            _NUMBERED_MARK.sub("", etree.tostring(element, encoding="unicode", with_tail=False))
            for element in elements
        ]
        # Parts alike in shapes that differ elsewhere share what was read.
        alike = (how, kind, path_of(elements[0]), *outlines)
        known = self._parts.setdefault(alike, {})
        part = Part(read, kind, leaves, known)
        self._steps.append(part)
        return part


def _recorded_header(outline: str, namespaces: bytes, parts: list[str]) -> HeaderPlaces | None:
    try:
        texts = header_texts(_marked(outline, namespaces, parts))
        return {name: None if text is None else _number(text) for name, text in texts.items()}
    except (_NotPlainError, UnreadableXmlError):
        return None


def _parts(text: str) -> list[str]:
    """The outline and, between its pieces, the texts."""
    if _MARK in text:
        raise _NotPlainError
    return _TEXT.split(text)


def _marked(outline: str, namespaces: bytes, parts: list[str]) -> etree._Element:
    """The element with a mark for each text."""
    if "<!" in outline or "<?" in outline or "&" in outline:
        raise _NotPlainError
    marked = list(parts)
    marked[1::2] = [f">{_MARK}{number}</" for number in range(len(parts) // 2)]
    return parse("".join(marked).encode(), namespaces)


def _number(text: str) -> int:
    """Number of the text that a mark stands for."""
    if not text.startswith(_MARK):
        raise _NotPlainError
    return int(text[len(_MARK) :])


def _texts(parts: list[str], whole: str) -> list[str]:
    texts = parts[1::2]
    if "&" in whole:
        return [_unescaped(text) if "&" in text else text for text in texts]
    return texts


def _unescaped(text: str) -> str:
    if "&" in _ENTITY.sub("", text):
        raise _NotPlainError
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], text)


def _getter(numbers: list[int]) -> Callable[[Texts], Key]:
    """Takes the texts of these numbers out of a message's."""
    if not numbers:
        return lambda _: ()
    if len(numbers) == 1:
        return lambda texts: (texts[numbers[0]],)
    return itemgetter(*numbers)
