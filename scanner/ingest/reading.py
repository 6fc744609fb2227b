"""Pieces of a file to rows: each becomes messages with their parts, or a row of `rejected`."""

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from scanner.ingest.columns import Given
from scanner.ingest.containers import Piece, cut, piece_of
from scanner.ingest.export_rows import (
    UnreadableRowError,
    raw_pieces,
    read_row,
    told_of_message,
)
from scanner.ingest.fin import UnreadableFinError, read_fin
from scanner.ingest.fin_columns import read_plain
from scanner.ingest.fin_layout import PlainFin
from scanner.ingest.gaps import ESCAPED_DOCUMENT
from scanner.ingest.mapping import Export
from scanner.ingest.merging import Gathering, key_of, portions_of
from scanner.ingest.mt import read_mt
from scanner.ingest.mx import read_mx
from scanner.ingest.mx_columns import MxColumns
from scanner.ingest.mx_document import UnreadableXmlError, documents, parse
from scanner.ingest.mx_layout import PlainMx
from scanner.ingest.mx_many import read_many
from scanner.ingest.mx_messages import MxMessages
from scanner.ingest.mx_shapes import Shapes
from scanner.ingest.party_columns import PartyColumns
from scanner.ingest.rows import Batch, Rows, row_id, row_id_start
from scanner.ingest.streams import RefusedError

_FEWEST_TOGETHER = 20  # documents; reading fewer together costs more than one by one
_TYPE_OF_FIN = re.compile(rb"\{2:[IO]([0-9]{3})")
_BETWEEN_TAGS = re.compile(rb">\s++<")
_TYPE_OF_XML = re.compile(rb"[a-z]{4}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2}")


@dataclass(frozen=True)
class Origin:
    """The file, or part of one, that pieces come from.

    Attributes:
        path: File as given.
        sha256: Of the file's bytes.
        byte_length: Of the file.
        member: Name inside an archive, and which copy of equal files it is.
        name: File as shown, with the member.
        container: How it holds its messages.
        charset: What its bytes were turned from, if they were.
        export: What its columns mean, where it is an export of rows.
    """

    path: Path
    sha256: str
    byte_length: int
    member: str = ""
    name: str = ""
    container: str = ""
    charset: str | None = None
    export: Export | None = None


def read_pieces(origin: Origin, pieces: Sequence[Piece], *, excerpt_bytes: int) -> Rows:
    """Read pieces of one file; what cannot be read is rejected with its place and reason."""
    rows = Rows()
    for piece in pieces:
        if piece.kind == "row":
            _read_export_row(rows, origin, piece, excerpt_bytes)
            continue
        try:
            rows.extend(_read(origin, piece))
        except (RefusedError, UnreadableFinError, UnreadableXmlError) as error:
            _reject(rows, origin, piece, error.code, str(error), excerpt_bytes)
    return rows


@dataclass(frozen=True)
class Portion:
    """Consecutive pieces of one file, and the plain messages among them.

    Attributes:
        origin: The file.
        pieces: The pieces.
        ends_file: Whether the file ends with them.
        plain: FIN messages that are read together.
        documents: ISO 20022 messages that are read together.
        stretch: Where the pieces stand that are still to be cut: start and end.
    """

    origin: Origin
    pieces: tuple[Piece, ...]
    ends_file: bool = False
    plain: PlainFin | None = None
    documents: PlainMx | None = None
    stretch: tuple[int, int] | None = None


Counts = list[tuple[int, int, int]]
"""Messages, transactions and rejected of each portion."""


def read_portions(portions: Sequence[Portion], *, excerpt_bytes: int) -> tuple[Batch, Counts]:
    """Read portions into one batch: most messages all at once, the others one by one."""
    gathering, shaped = Gathering(), MxColumns(_shapes())
    together = _read_documents(gathering, portions)
    for place, portion in enumerate(portions):
        origin, waiting = portion.origin, [*portion.pieces]
        if portion.plain is not None:
            waiting += _read_plain(gathering, place, origin, portion.plain)
        if portion.documents is not None:
            waiting += _read_plain_mx(gathering, place, origin, portion.documents)
        if len(waiting) > len(portion.pieces):
            waiting.sort(key=lambda piece: piece.offset)
        for piece in waiting:
            # Rows of an export stay in the order in which they come.
            key = key_of(place, 0 if piece.kind == "row" else piece.offset)
            if key in together:
                continue
            if piece.kind == "xml" and _read_shaped(shaped, key, origin, piece):
                continue
            gathering.add(key, read_pieces(origin, [piece], excerpt_bytes=excerpt_bytes))
    gathering.add_tables(*shaped.tables())
    counted = [
        portions_of(gathering.keys(name), len(portions))
        for name in ("messages", "transactions", "rejected")
    ]
    counts: Counts = [(m, t, r) for m, t, r in zip(*counted, strict=True)]
    return gathering.batch(), counts


def _read_plain(
    gathering: Gathering, place: int, origin: Origin, plain: PlainFin
) -> Iterator[Piece]:
    """Read plain messages; gives those that the careful reader must read."""
    columns = read_plain(plain, _given(origin), _parties())
    start = key_of(place, 0)
    gathering.add_tables(
        columns.tables, {name: start + offsets for name, offsets in columns.offsets.items()}
    )
    for number in columns.left.tolist():
        offset, content, acknowledged = plain.raw(number)
        yield Piece("fin", offset, content, len(content), acknowledged=acknowledged)


def _read_plain_mx(
    gathering: Gathering, place: int, origin: Origin, plain: PlainMx
) -> Iterator[Piece]:
    """Read the plain ISO 20022 messages of a chunk; gives those that are read one by one."""
    read = read_many(MxMessages.of_chunk(plain, key_of(place, 0), _given(origin)), _shapes())
    gathering.add_tables(read.tables, read.keys)
    yield from (piece_of(plain, number) for number in read.left.tolist())


def _read_documents(gathering: Gathering, portions: Sequence[Portion]) -> set[int]:
    """Read ISO 20022 pieces of known shapes together; gives the keys of those that were."""
    waiting: list[tuple[int, Piece, Given]] = []
    for place, portion in enumerate(portions):
        given: dict[str, Given] = {}
        for piece in portion.pieces:
            if piece.kind != "xml" or piece.refusal is not None:
                continue
            if piece.part not in given:
                given[piece.part] = _given(portion.origin, piece.part)
            waiting.append((key_of(place, piece.offset), piece, given[piece.part]))
    if len(waiting) < _FEWEST_TOGETHER:
        return set()
    messages = MxMessages.of_pieces(waiting)
    read = read_many(messages, _shapes())
    gathering.add_tables(read.tables, read.keys)
    left = np.zeros(len(messages), dtype=np.bool_)
    left[read.left] = True
    return set(messages.key[~left].tolist())


def _given(origin: Origin, part: str = "") -> Given:
    """What the container tells of messages in ASCII."""
    return Given(
        {
            "source_file": origin.name,
            "source_sha256": origin.sha256,
            "container": origin.container,
            "charset": origin.charset or "ascii",
        },
        row_id_start(origin.sha256, f"{origin.member}{part}").encode(),
    )


def _read_shaped(shaped: MxColumns, key: int, origin: Origin, piece: Piece) -> bool:
    """Take up an ISO 20022 message, if its shape is known."""
    if piece.refusal is not None:
        return False
    row, header, document = _parts_of_xml(origin, piece)
    return shaped.read(key, header, document, piece.namespaces, row)


@cache
def _parties() -> PartyColumns:
    """Parties that this process has read."""
    return PartyColumns()


@cache
def _shapes() -> Shapes:
    """Shapes of ISO 20022 messages that this process has met."""
    return Shapes()


def _read_export_row(rows: Rows, origin: Origin, row: Piece, excerpt_bytes: int) -> None:
    """A row is one message, or holds one or more messages in its raw column."""
    export = origin.export
    assert export is not None
    try:
        if row.refusal is not None:
            raise RefusedError(*row.refusal)
        if export.raw_message is None:
            rows.extend(read_row(export, row, _message_row(origin, row)))
            return
        told = told_of_message(export, row)
        messages = raw_pieces(export, row)
    except (RefusedError, UnreadableRowError) as error:
        column = error.column if isinstance(error, UnreadableRowError) else None
        _reject(rows, origin, row, error.code, str(error), excerpt_bytes, field_path=column)
        return
    for message in messages:
        try:
            read = _read(origin, message)
        except (RefusedError, UnreadableFinError, UnreadableXmlError) as error:
            column = export.raw_message
            _reject(rows, origin, message, error.code, str(error), excerpt_bytes, field_path=column)
            continue
        for made in read.messages:
            made |= {key: value for key, value in told.items() if made.get(key) is None}
        rows.extend(read)


def _message_row(origin: Origin, piece: Piece) -> dict[str, Any]:
    """Row of `messages` as far as the container gives it."""
    return {
        "message_id": row_id(origin.sha256, piece.offset, f"{origin.member}{piece.part}"),
        "source_file": origin.name,
        "source_sha256": origin.sha256,
        "byte_offset": piece.offset,
        "byte_length": piece.length,
        "container": origin.container,
        "charset": origin.charset,
        "is_acknowledged": piece.acknowledged,
    }


def _read(origin: Origin, piece: Piece) -> Rows:
    if piece.refusal is not None:
        raise RefusedError(*piece.refusal)
    if piece.kind == "noise":
        return _read_noise(origin, piece)
    if piece.kind == "fin":
        row = _message_row(origin, piece)
        text, charset = _decoded(piece.content, None)
        row["charset"] = origin.charset or charset
        return read_mt(read_fin(text), row)
    row, told, text = _parts_of_xml(origin, piece)
    header = None if told is None else parse(told.encode(), piece.namespaces)
    return read_mx(header, parse(text.encode(), piece.namespaces), row)


def _parts_of_xml(origin: Origin, piece: Piece) -> tuple[dict[str, Any], str | None, str]:
    """Row of `messages` as far as the container gives it, business header and document."""
    row = _message_row(origin, piece)
    content = piece.content[piece.document_start :]
    # Headers and indentation differ between deliveries of one message.
    row["content_sha256"] = hashlib.sha256(_BETWEEN_TAGS.sub(b"><", content)).hexdigest()
    text, charset = _decoded(content, piece.encoding)
    row["charset"] = origin.charset or charset
    told = None
    if piece.header_end:
        told, _ = _decoded(piece.content[: piece.header_end], piece.encoding)
    return row, told, text


def _read_noise(origin: Origin, piece: Piece) -> Rows:
    if ESCAPED_DOCUMENT.search(piece.content):
        text = html.unescape(piece.content.decode("utf-8", "replace"))
        inner = [p for p in cut(text.encode()) if p.kind == "xml"]
        if len(inner) == 1:
            # Its bytes are those of the text that it was taken from.
            found = inner[0]
            whole = Piece(
                "xml", piece.offset, found.content, piece.length, header_end=found.header_end,
                document_start=found.document_start, namespaces=found.namespaces,
            )  # fmt: skip
            return _read(origin, whole)
        if inner:
            raise RefusedError("nested", f"{len(inner)} documents stand as text in one element")
    if piece.content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        found_documents = list(documents(parse(piece.content)))
        if not found_documents:
            raise UnreadableXmlError("no_document", "the XML holds no ISO 20022 Document")
    raise RefusedError("not_a_message", "neither a SWIFT FIN message nor ISO 20022 XML")


def _decoded(content: bytes, encoding: str | None) -> tuple[str, str]:
    for name in ("ascii", *([encoding.lower()] if encoding else []), "utf-8"):
        try:
            return content.decode(name), name
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", "replace"), "cp1252"


def _reject(
    rows: Rows,
    origin: Origin,
    piece: Piece,
    code: str,
    reason: str,
    excerpt_bytes: int,
    *,
    field_path: str | None = None,
) -> None:
    """One row of `rejected`; the raw bytes are kept beside it, up to a bound."""
    rejected_id = row_id(origin.sha256, piece.offset, f"{origin.member}{piece.part}")
    seen = _TYPE_OF_FIN.search(piece.content[:200]) if piece.kind == "fin" else None
    mx = _TYPE_OF_XML.search(piece.content[:2000]) if piece.kind == "xml" else None
    rows.rejected.append(
        {
            "rejected_id": rejected_id,
            "source_file": origin.name,
            "source_sha256": origin.sha256,
            "byte_offset": piece.offset,
            "byte_length": piece.length,
            "message_type": f"MT{seen[1].decode()}" if seen else mx[0].decode() if mx else None,
            "reason_code": code,
            "reason": reason,
            "field_path": field_path,
        }
    )
    rows.excerpts[rejected_id] = piece.content[:excerpt_bytes]
