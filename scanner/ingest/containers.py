"""Cuts a file's bytes into messages; whatever is not one is accounted for.

FIN is cut where a message starts (`{1:F01`), never at `$` or at a sector's end:
both occur in texts. An acknowledgement (`{1:F21`) directly before its message
belongs to it. XML is cut at its declarations, else at the ends of envelopes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FIN_START = re.compile(rb"\{1:[A-Z]\d\d")
_ACK = re.compile(rb"\{1:F21[A-Z0-9]{21,22}\}\{4:((?:\{[^{}]*\})*)\}")
_XML_BEHIND = re.compile(rb"-\}[^<]*?(<\?xml\b|<[A-Za-z0-9:]*(?:Document|BusMsg|AppHdr)\b)")
_XML_START = re.compile(rb"<\?xml\b")
_FILLING = re.compile(rb"^[\s$\x00\x01\x03\x1a]*$")
_BOM = b"\xef\xbb\xbf"
_NOISE_SHOWN_BYTES = 200


@dataclass(frozen=True)
class Piece:
    """One stretch of a file.

    Attributes:
        kind: `fin`, `xml` or `noise`, which no reader knows.
        offset: First byte.
        content: Its bytes.
        acknowledged: True for ACK, false for NAK, None where neither precedes it.
    """

    kind: str
    offset: int
    content: bytes
    acknowledged: bool | None = None


def cut(content: bytes) -> Iterator[Piece]:
    """Cut one file's bytes; the pieces' lengths and the filling add up to the file."""
    # XML first: a translated MT may stand in its comments, and is no second message.
    if _looks_like_xml(content):
        yield from _cut_xml(content)
    elif _FIN_START.search(content):
        yield from _cut_fin(content)
    elif not _FILLING.match(content):
        yield Piece("noise", 0, content)


def container_of(content: bytes) -> str:
    """How the file holds its messages."""
    if content.lstrip(_BOM + b" \r\n\t")[:1] == b"<":
        return "xml"
    if content[:1] == b"\x01":
        return "dos_pcc"
    return "rje" if re.search(rb"\}\s*\$\s*(?:\{1:|$)", content) else "fin"


def _looks_like_xml(content: bytes) -> bool:
    return content.lstrip(_BOM + b" \r\n\t")[:1] == b"<"


def _cut_fin(content: bytes) -> Iterator[Piece]:
    starts = [found.start() for found in _FIN_START.finditer(content)]
    lead = content[: starts[0]]
    if not _FILLING.match(lead.removeprefix(_BOM)) and not _is_prose(lead):
        yield Piece("noise", 0, lead)
    acknowledged: bool | None = None
    ack_start: int | None = None
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        piece = content[start:end]
        ack = _ACK.match(piece)
        if ack and end < len(content) and _FILLING.match(piece[ack.end() :]):
            acknowledged, ack_start = b"{451:0}" in ack[1], start
            continue
        offset = start
        trimmed = piece.rstrip(b"\x00\x01\x03\x1a \r\n\t$")
        xml = _XML_BEHIND.search(trimmed)
        own = trimmed[: xml.start(1)] if xml else trimmed
        yield Piece("fin", offset, own, acknowledged)
        if xml:
            for behind in _cut_xml(trimmed[xml.start(1) :]):
                yield Piece("xml", offset + xml.start(1) + behind.offset, behind.content)
        acknowledged, ack_start = None, None
    if ack_start is not None:
        yield Piece("fin", ack_start, content[ack_start:], acknowledged)


def _is_prose(lead: bytes) -> bool:
    """Text before the first message, such as a printed header, holds no message."""
    return b"{" not in lead and b"<" not in lead


def _cut_xml(content: bytes) -> Iterator[Piece]:
    starts = [found.start() for found in _XML_START.finditer(content)]
    if not starts or content[: starts[0]].strip(_BOM + b" \r\n\t"):
        starts = [0, *starts]
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        whole = content[start:end]
        piece = whole.strip()
        if piece.removeprefix(_BOM):
            yield Piece("xml", start + len(whole) - len(whole.lstrip()), piece)
