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
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from lxml import etree

from scanner.ingest.mx import (
    Around,
    Facts,
    UnreadableXmlError,
    Walk,
    begun,
    close_message,
    finish,
    header_facts,
    header_texts,
    is_cover,
    message_type_of,
    name_type,
    parse,
    path_of,
    transaction_elements,
)
from scanner.ingest.mx_elements import is_code
from scanner.ingest.mx_party import local_name
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

Key = tuple[str, ...]
ReadParty = tuple[list[dict[str, Any]], list[tuple[str, str, str]]]
"""Rows of `parties` without their places, and kind, text and path of texts."""


class _NotPlainError(Exception):
    """A message or shape that only the careful reader reads."""


@dataclass
class _Part:
    """A part of a transaction that names a party: read once for the same texts."""

    read: Callable[[Walk], None]
    kind: str
    leaves: list[tuple[etree._Element, int]]
    known: dict[Key, ReadParty]

    def __post_init__(self) -> None:
        self.key = _getter([number for _, number in self.leaves])

    def rows(self, texts: list[str]) -> ReadParty:
        """Its rows with these texts."""
        key = self.key(texts)
        found = self.known.get(key)
        if found is None:
            for leaf, number in self.leaves:
                leaf.text = texts[number]
            rows = Rows()
            self.read(Walk(rows, {"transaction_id": "", "kind": self.kind}))
            for party in rows.parties:
                del party["transaction_id"], party["ordinal"]
            told = [(text["kind"], text["text"], text["field_path"]) for text in rows.texts]
            if len(self.known) >= _MOST_PARTIES:
                self.known.clear()
            found = self.known[key] = (rows.parties, told)
        return found


@dataclass
class _Line:
    """A text of a transaction; `name` of its element where the text itself may be a code."""

    number: int
    kind: str
    path: str
    name: str | None


@dataclass
class _Transaction:
    """Where a transaction's values stand among a message's texts."""

    steps: list[_Part | _Line]
    names: tuple[str, ...]
    values: Callable[[list[str]], Key]
    money: list[tuple[str, str, int]]
    reason_code: int | None
    reason_texts: list[int]

    def facts(self, texts: list[str]) -> Facts:
        """Its plain values in a message of these texts."""
        return Facts(
            dict(zip(self.names, self.values(texts), strict=True)),
            {name: (currency, texts[number]) for name, currency, number in self.money},
            None if self.reason_code is None else texts[self.reason_code],
            [texts[number] for number in self.reason_texts],
        )


@dataclass
class _Shape:
    """What a document of one shape holds."""

    message_type: str
    is_cover: bool
    transactions: list[_Transaction]


@dataclass
class Shapes:
    """Shapes of documents and headers met so far; bounded, and begun anew beyond."""

    _documents: dict[tuple[bytes, str], _Shape | None] = field(default_factory=dict)
    _headers: dict[tuple[bytes, str], dict[str, int | None] | None] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)
    _parts: dict[tuple[str, ...], dict[Key, ReadParty]] = field(default_factory=dict)

    def read(
        self,
        header: str | None,
        document: str,
        namespaces: bytes,
        message_row: dict[str, Any],
    ) -> Rows | None:
        """Rows of a message whose shape is known; None where the careful reader must read it.

        Args:
            header: Text of the business header, if there is one.
            document: Text of the document.
            namespaces: Declarations of the elements around both.
            message_row: Row of `messages` as far as the container gives it; left as it is where
                the result is None.
        """
        try:
            parts = _parts(document)
            shape = self._shape(_MARK.join(parts[::2]), namespaces, parts)
            if shape is None:
                return None
            made = message_row | self._header(header, namespaces)
            return _read(shape, _texts(parts, document), made)
        except (_NotPlainError, UnreadableXmlError):
            return None

    def _shape(self, outline: str, namespaces: bytes, parts: list[str]) -> _Shape | None:
        key = (namespaces, outline)
        if key in self._documents:
            return self._documents[key]
        if not self._met_before(key):
            return None
        if len(self._documents) >= _MOST_SHAPES:
            self._documents.clear()
            self._parts.clear()
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
        key = (namespaces, _MARK.join(parts[::2]))
        if key not in self._headers:
            if len(self._headers) >= _MOST_SHAPES:
                self._headers.clear()
            self._headers[key] = _recorded_header(key[1], namespaces, parts)
        places = self._headers[key]
        if places is None:
            raise _NotPlainError
        texts = _texts(parts, header)
        return header_facts({name: None if n is None else texts[n] for name, n in places.items()})

    def _recorded(self, outline: str, namespaces: bytes, parts: list[str]) -> _Shape:
        document = _marked(outline, namespaces, parts)
        if not len(document):
            raise _NotPlainError
        body = document[0]
        message_type = message_type_of(None, document)
        shape = _Shape(message_type, is_cover(message_type, body), [])
        row: dict[str, Any] = {"message_id": ""}
        name_type(row, message_type, is_cover=shape.is_cover)
        found = list(transaction_elements(body)) or [body]
        around = Around(body, found)
        for ordinal, element in enumerate(found, start=1):
            transaction = begun(row, ordinal)
            recorder = _Recorder(transaction, self._parts)
            recorder.read_all(element, around)
            shape.transactions.append(recorder.recorded())
        return shape


class _Recorder(Walk):
    """The careful reader's walk over a document whose texts are marks."""

    def __init__(
        self, transaction: dict[str, Any], parts: dict[tuple[str, ...], dict[Key, ReadParty]]
    ) -> None:
        self._texts = Rows()
        super().__init__(self._texts, transaction)
        self._transaction, self._parts = transaction, parts
        self._steps: list[_Part | _Line] = []

    def recorded(self) -> _Transaction:
        """What was seen."""
        first, money = self.facts.first, self.facts.money
        code = self.facts.reason_code
        return _Transaction(
            self._steps,
            tuple(first),
            _getter([_number(text) for text in first.values()]),
            [(name, currency, _number(text)) for name, (currency, text) in money.items()],
            None if code is None else _number(code),
            [_number(text) for text in self.facts.reason_texts],
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
            line = _Line(number, row["kind"], row["field_path"], None if kind else name)
            self._steps.append(line)
        self._texts.texts.clear()

    def read_party(
        self, holder: etree._Element, element: etree._Element, name: str, level: str | None
    ) -> None:
        """Note the party's element, and the account beside it."""
        accounts = [beside for beside in holder if local_name(beside) == f"{name}Acct"]
        self._part(
            [element, *accounts[:1]],
            f"party {level}",
            lambda walk: walk.read_party(holder, element, name, level),
        )

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

    def _part(self, elements: list[etree._Element], how: str, read: Callable[[Walk], None]) -> None:
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
        self._steps.append(_Part(read, kind, leaves, known))


def _read(shape: _Shape, texts: list[str], message_row: dict[str, Any]) -> Rows:
    rows = Rows()
    name_type(message_row, shape.message_type, is_cover=shape.is_cover)
    for ordinal, told in enumerate(shape.transactions, start=1):
        transaction = begun(message_row, ordinal)
        transaction_id, first_party = transaction["transaction_id"], len(rows.parties)
        for step in told.steps:
            if isinstance(step, _Line):
                text = texts[step.number]
                if step.name is None or not is_code(step.name, text):
                    rows.add_text(transaction_id, step.kind, text, step.path)
                continue
            parties, lines = step.rows(texts)
            for kind, text, path in lines:
                rows.add_text(transaction_id, kind, text, path)
            for party in parties:
                rows.add_party(transaction_id, **party)
        finish(transaction, told.facts(texts), rows.parties[first_party:])
        rows.transactions.append(transaction)
    close_message(rows, message_row)
    return rows


def _recorded_header(
    outline: str, namespaces: bytes, parts: list[str]
) -> dict[str, int | None] | None:
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


def _getter(numbers: list[int]) -> Callable[[list[str]], Key]:
    """Takes the texts of these numbers out of a message's."""
    if not numbers:
        return lambda _: ()
    if len(numbers) == 1:
        return lambda texts: (texts[numbers[0]],)
    return itemgetter(*numbers)
