"""Cuts a file's bytes into messages; whatever is not one is accounted for.

FIN is cut where a message starts (`{1:F01`), never at `$` or at a sector's end:
both occur in texts. An acknowledgement (`{1:F21`) directly before its message
belongs to it. ISO 20022 is cut at its `Document` elements, each with the business
header that stands before it, so that envelopes, files of many roots and damaged
wrappers give up their messages all the same. What lies between messages is
filling (separators, printed heads, tags of envelopes) or, where it looks like a
message, a piece of noise that is rejected with its place.

Patterns here look at untrusted bytes: each is linear, and what a search did not
find is not searched for again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from scanner.ingest.fin_layout import ChunkText, FinLayout, PlainFin, find_plain
from scanner.ingest.gaps import FILLING, TOKEN, Surroundings, gap_kind, is_filling
from scanner.ingest.mx_layout import MxLayout, MxText, PlainMx, find_documents

_FIN_START = re.compile(rb"\{1:[A-Z][0-9]{2}")
_ACK = re.compile(rb"\{1:F21[A-Z0-9]{21,22}\}\{4:((?:\{[^{}]*+\})*+)\}")
_FIN_END = re.compile(rb"[\r\n][ \t]*+-[ \t]*+\}|-\}(?=\s*+(?:\{[5S]:|[$\x00\x01\x03\x1a<]|$))")
_FIN_TRAILERS = re.compile(rb"(?:\s*+\{[5S]:(?:[^{}]++|\{[^{}]*+\})*+\})*+\}*+")
_XML_START = re.compile(rb"<\?xml\b|<(?:[\w.\-]++:)?(?:AppHdr|Document|BusMsg)(?=[\s/>])")
_XML_NEXT = re.compile(rb"<(?:[\w.\-]++:)?(?:AppHdr|Document)(?=[\s/>])")
_TRIMMED = b" \r\n\t$\x00\x01\x03\x1a"
_START_LONGEST_BYTES = 256  # of the start of a message, with the acknowledgement before it
_FEWEST_TOGETHER = 40
_SMALL_BYTES = 64 << 10
_SLASH = ord("/")
_LONGEST_SHOWN_BYTES = 64 << 10


class Piece(NamedTuple):
    """One stretch of a file.

    Attributes:
        kind: `fin`, `xml`, or `noise`, which no reader knows.
        offset: First byte.
        content: Its bytes; of what is too long only the first.
        length: Bytes that it covers.
        acknowledged: True for ACK, false for NAK, None where neither precedes it.
        header_end: Where its business header ends, 0 without one.
        document_start: Where its document starts.
        namespaces: Declarations of the elements around it.
        encoding: Encoding that the XML declaration before it names.
        refusal: Code and reason why it is not read at all.
        part: What of its file it is, where its offset alone does not tell.
    """

    kind: str
    offset: int
    content: bytes
    length: int
    acknowledged: bool | None = None
    header_end: int = 0
    document_start: int | None = None
    namespaces: bytes = b""
    encoding: str | None = None
    refusal: tuple[str, str] | None = None
    part: str = ""


def cut(content: bytes) -> list[Piece]:
    """Cut the bytes of one whole file."""
    return list(Cutter().feed(content, final=True))


def piece_of(plain: PlainMx, number: int) -> Piece:
    """A message that was set aside as the piece that it would have been."""
    start, header_end, document_start, end = plain.places(number)
    namespaces, encoding = plain.around[plain.run[number]]
    return Piece(
        "xml",
        plain.offset + start,
        plain.chunk[start:end],
        end - start,
        header_end=header_end - start,
        document_start=document_start - start,
        namespaces=namespaces,
        encoding=encoding,
    )


def container_of(start: bytes) -> str:
    """How the file holds its messages, from its first bytes."""
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return "xml"
    if start[:1] == b"\x01":
        return "dos_pcc"
    return "rje" if re.search(rb"\}\s*+\$\s*+(?:\{1:|\Z)", start) else "fin"


@dataclass
class Cutter:
    """Cuts a file that comes in chunks; holds only what is not yet a whole piece.

    Attributes:
        longest_bytes: Longest message; what is longer is passed over and named.
        sets_aside: Whether plain messages are set aside instead of given as pieces.
        plain: Those in FIN of the last bytes taken, once their pieces are all taken.
        documents: The same in ISO 20022.
        offset: Where the bytes at hand start in the file.
    """

    longest_bytes: int = 10 << 20
    sets_aside: bool = False
    plain: PlainFin | None = None
    documents: PlainMx | None = None
    offset: int = 0
    _held: bytes = b""
    _around: Surroundings = field(default_factory=Surroundings)
    _passed: Piece | None = None

    def feed(self, chunk: bytes, *, final: bool = False) -> Iterator[Piece]:
        """Take the next bytes and give the pieces that are whole with them."""
        self._held += chunk
        self.plain = self.documents = None
        if self._passed is not None:
            start = TOKEN.search(self._held)
            if start is None and not final:
                self._pass(max(0, len(self._held) - _START_LONGEST_BYTES))
                return
            self._pass(start.start() if start else len(self._held))
            yield self._passed
            self._passed = None
        text, layout = self._find_plain() or (None, None)
        mx_text, mx_layout = self._find_documents() or (None, None)
        walk = _Walk(
            self._held, self.offset, self._around, final=final, layout=layout, mx_layout=mx_layout
        )
        for piece in walk.pieces():
            self._around.has_pieces = True
            yield piece
        self.plain, self.documents = walk.plain(text), walk.documents(mx_text)
        self._held, self.offset = self._held[walk.done :], self.offset + walk.done
        if len(self._held) > self.longest_bytes:
            self._around.has_pieces = True
            reason = f"longer than {self.longest_bytes} bytes without an end: passed over"
            self._passed = Piece(
                "noise",
                self.offset,
                self._held[:_LONGEST_SHOWN_BYTES],
                0,
                refusal=("too_long", reason),
            )
            self._pass(1)

    def _find_plain(self) -> tuple[ChunkText, FinLayout] | None:
        """The plain messages, where they are so many that reading them together pays."""
        if not self._has_many(b"{1:F01"):
            return None
        found = find_plain(self._held, self.longest_bytes)
        return found if found and len(found[1]) >= _FEWEST_TOGETHER else None

    def _find_documents(self) -> tuple[MxText, MxLayout] | None:
        """The plain ISO 20022 messages, where they are many."""
        if self._around.refusal() or not self._has_many(b"Document>"):
            return None
        found = find_documents(self._held, self.longest_bytes, gap_kind)
        return found if found and len(found[1]) >= _FEWEST_TOGETHER else None

    def _has_many(self, mark: bytes) -> bool:
        """Whether messages with this mark may be worth a look at all bytes at hand."""
        if not self.sets_aside:
            return False
        return len(self._held) >= _SMALL_BYTES or self._held.count(mark) > _FEWEST_TOGETHER

    def _pass(self, count: int) -> None:
        assert self._passed is not None
        self._passed = self._passed._replace(length=self._passed.length + count)
        self._held, self.offset = self._held[count:], self.offset + count


class _Walk:
    """One pass over the bytes at hand; `done` tells how many need not be seen again."""

    def __init__(
        self,
        content: bytes,
        offset: int,
        around: Surroundings,
        *,
        final: bool,
        layout: FinLayout | None = None,
        mx_layout: MxLayout | None = None,
    ) -> None:
        self.done = 0
        self._offset = offset  # of the bytes at hand in the file
        self._content, self._around, self._final = content, around, final
        self._position = 0  # where the next token is searched for
        self._comments: list[tuple[int, int]] = []
        self._header: tuple[int, int] | None = None
        self._acknowledgement: tuple[int, bool] | None = None
        self._found: dict[bytes, tuple[int, int] | None] = {}
        self._layout = layout
        self._run_ends = layout.run_ends() if layout else None
        self._runs: list[tuple[int, int, bool | None]] = []  # first, last, acknowledgement
        self._mx_layout = mx_layout
        self._mx_run_ends = mx_layout.run_ends() if mx_layout else None
        self._mx_runs: list[tuple[int, int, bytes, str | None]] = []  # and what stands around

    def plain(self, text: ChunkText | None) -> PlainFin | None:
        """The plain messages that were passed without a piece."""
        if self._layout is None or not self._runs:
            return None
        numbers = np.concatenate([np.arange(first, last + 1) for first, last, _ in self._runs])
        told = np.full(len(self._layout), -1, dtype=np.int8)
        for first, _, accepted in self._runs:
            told[first] = -1 if accepted is None else accepted
        layout = self._layout.chosen(numbers)
        return PlainFin(self._content, self._offset, layout, told[numbers], text)

    def documents(self, text: MxText | None) -> PlainMx | None:
        """The ISO 20022 messages that were passed without a piece."""
        if self._mx_layout is None or not self._mx_runs:
            return None
        sizes = [last + 1 - first for first, last, _, _ in self._mx_runs]
        numbers = np.concatenate([np.arange(first, last + 1) for first, last, *_ in self._mx_runs])
        around = tuple((namespaces, encoding) for _, _, namespaces, encoding in self._mx_runs)
        run = np.repeat(np.arange(len(sizes)), sizes)
        layout = self._mx_layout.chosen(numbers)
        return PlainMx(self._content, self._offset, layout, around, run, text)

    def pieces(self) -> Iterator[Piece]:
        """The whole pieces, in order."""
        while (token := TOKEN.search(self._content, self._position)) is not None:
            before = self._position
            kind = token.lastgroup
            if kind == "fin":
                yield from self._fin(token.start())
            elif kind == "comment":
                self._comment(token.start())
            elif kind == "doctype":
                self._around.has_doctype = True
                self._position = token.end()
            elif token["local"] == b"AppHdr":
                yield from self._business_header(token)
            else:
                yield from self._document(token)
            if self._position == before:
                return  # more bytes are needed
        if self._final:
            yield from self._between(len(self._content), last=True)

    def _between(self, end: int, *, last: bool = False) -> Iterator[Piece]:
        """Account for the bytes up to here that belong to no message."""
        start, seen, position = self.done, [], self.done
        for a, b in self._comments:
            seen.append(self._content[position:a])
            position = max(position, b)
        rest = self._content[position:end]
        gap, lost_header = b"".join([*seen, rest]) if seen else rest, self._header is not None
        self._comments, self.done, self._header = [], end, None
        if b"xmlns" in gap or b"encoding" in gap:
            self._around.note(gap)
        among_messages = self._around.has_pieces or not last
        # A file of nothing but comments is no message either, and is not passed in silence.
        seen_bytes = gap if among_messages else self._content[start:end]
        if lost_header or not is_filling(seen_bytes, among_messages=among_messages):
            yield Piece(
                "noise",
                self._offset + start,
                self._content[start:end],
                end - start,
                refusal=self._around.refusal(),
            )

    def _comment(self, start: int) -> None:
        end = self._next(b"--", start + 4)
        if end is not None:
            self._comments.append((start, end[1]))
            self._position = end[1]
        elif self._final:
            self._position = start + 4

    def _fin(self, start: int) -> Iterator[Piece]:
        if self._layout is not None:
            first = int(np.searchsorted(self._layout.raw_start, start))
            if first < len(self._layout) and self._layout.raw_start[first] == start:
                yield from self._plain_run(first)
                return
        following = _FIN_START.search(self._content, start + 3)
        end = following.start() if following else len(self._content)
        region = self._content[start:end]
        mark = _FIN_END.search(region)
        length = _fin_length(region, mark)
        if not self._final and not following and not (mark and TOKEN.search(region, length)):
            return
        if not (self._acknowledgement and self._acknowledgement[0] == start):
            yield from self._between(start)
            self._acknowledgement = None
        told = _ACK.match(region)
        is_followed = following and not self._content.startswith(b"{1:F21", end)
        if told and is_followed and FILLING.match(region, told.end()):
            # `done` stays before the acknowledgement until its message is whole as well.
            self._acknowledgement = (end, b"{451:0}" in told[1])
            self._position = end
            return
        content = region[:length].rstrip(_TRIMMED)
        self.done = self._position = start + len(content)
        accepted = self._acknowledgement[1] if self._acknowledgement else None
        self._acknowledgement = None
        yield Piece("fin", self._offset + start, content, len(content), acknowledged=accepted)

    def _plain_run(self, first: int) -> Iterator[Piece]:
        """Pass a row of plain messages that have nothing but filling between them."""
        assert self._layout is not None
        assert self._run_ends is not None
        start, last = int(self._layout.raw_start[first]), int(self._run_ends[first])
        accepted = None
        if self._acknowledgement and self._acknowledgement[0] == start:
            accepted = self._acknowledgement[1]
        else:
            yield from self._between(start)
        self._acknowledgement = None
        self._around.has_pieces = True
        self._runs.append((first, last, accepted))
        self.done = self._position = int(self._layout.raw_end[last])

    def _mx_run(self, start: int) -> tuple[int, int] | None:
        """First and last of the row of plain messages of which one starts here, if one does."""
        layout = self._mx_layout
        if layout is None or self._mx_run_ends is None or self._around.refusal():
            return None
        first = int(np.searchsorted(layout.start, start))
        if first == len(layout) or layout.start[first] != start:
            return None
        return first, int(self._mx_run_ends[first])

    def _pass_mx_run(self, first: int, last: int) -> Iterator[Piece]:
        """Pass a row of plain messages that have nothing but filling between them."""
        layout, around = self._mx_layout, self._around
        assert layout is not None
        yield from self._between(int(layout.start[first]))
        around.has_pieces = True
        self._mx_runs.append((first, last, around.declarations(), around.encoding))
        self.done = self._position = int(layout.end[last])

    def _business_header(self, token: re.Match[bytes]) -> Iterator[Piece]:
        run = self._mx_run(token.start())
        if run is not None:
            yield from self._pass_mx_run(*run)
            return
        end = self._plain_end(token) or self._element_end(token)
        if end is None:
            if self._final:
                self._position = token.end()
            return
        yield from self._between(token.start())
        self._header = (token.start(), end)
        self._position = end

    def _document(self, token: re.Match[bytes]) -> Iterator[Piece]:
        start, following = token.start(), None
        run = self._mx_run(start) if self._header is None else None
        if run is not None:
            yield from self._pass_mx_run(*run)
            return
        end = self._plain_end(token) if token["name"] == b"Document" else None
        if end is None or self._content.find(b"AppHdr", token.end(), end) >= 0:
            end = self._element_end(token)
            following = self._start_of_next(token.end(), end)
        if following:
            end = following.start()  # cut off: the next message starts before this one ends
        if end is None:
            if not self._final:
                return
            end = len(self._content)
        header = self._header
        if header is None:
            yield from self._between(start)
        first = header[0] if header else start
        if header and header[1] < start:
            self._around.note(self._content[header[1] : start])
        self._comments, self._header = [], None
        self.done = self._position = end
        yield Piece(
            "xml",
            self._offset + first,
            self._content[first:end],
            end - first,
            header_end=header[1] - first if header else 0,
            document_start=start - first,
            namespaces=self._around.declarations(),
            encoding=self._around.encoding,
            refusal=self._around.refusal(),
        )

    def _plain_end(self, token: re.Match[bytes]) -> int | None:
        """End of an element whose name comes again in its plain end tag first of all, else None."""
        content, begin, name = self._content, token.end(), token["name"]
        at = content.find(name, begin)
        end = at + len(name) + 1
        if at < 0 or content[at - 2 : end] != b"</" + name + b">":
            return None
        # Of an empty element that end is another's.
        return None if content[content.find(b">", begin) - 1] == _SLASH else end

    def _start_of_next(self, start: int, end: int | None) -> re.Match[bytes] | None:
        """The next header or document that starts here, before the end if there is one."""
        content = self._content
        if end is None:
            return _XML_NEXT.search(content, start)
        last = content.rfind(b"<", start, end)  # the end tag
        if content.find(b"AppHdr", start, last) < 0 and content.find(b"Document", start, last) < 0:
            return None
        return _XML_NEXT.search(content, start, end)

    def _element_end(self, token: re.Match[bytes]) -> int | None:
        closed = self._content.find(b">", token.end())
        if closed > 0 and self._content[closed - 1 : closed] == b"/":
            return closed + 1
        end = self._next(token["name"], token.end())
        return end[1] if end else None

    def _next(self, mark: bytes, start: int) -> tuple[int, int] | None:
        """Span of the next end tag of this name, or of a comment's end."""
        if mark in self._found:
            known = self._found[mark]
            if known is None or known[0] >= start:
                return known
        plain, end_tag = _end_of(mark)
        # Looked for as plain bytes, which is many times as fast.
        at = self._content.find(plain, start)
        found = (
            end_tag.match(self._content, at) or end_tag.search(self._content, at)
            if at >= 0
            else None
        )
        self._found[mark] = found.span() if found else None
        return self._found[mark]


@lru_cache(maxsize=1_000)  # bounded: hostile files may invent prefixes without end
def _end_of(mark: bytes) -> tuple[bytes, re.Pattern[bytes]]:
    """How the end of an element, or of a comment, begins, and its pattern."""
    if mark == b"--":
        return b"-->", re.compile(b"-->")
    return b"</" + mark, re.compile(b"</" + re.escape(mark) + rb"\s*+>")


def _fin_length(region: bytes, end: re.Match[bytes] | None) -> int:
    """Bytes of the message that starts here; up to XML, else all, where it has no end mark."""
    if end is None:
        xml = _XML_START.search(region)
        return xml.start() if xml else len(region)
    trailers = _FIN_TRAILERS.match(region, end.end())
    return trailers.end() if trailers else end.end()
