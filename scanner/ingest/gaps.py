"""What stands between the messages of a file: filling or a lost message, and what it declares.

Patterns here look at untrusted bytes: each is linear.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from scanner.ingest.mx_layout import ODD, SILENT, TELLS

TOKEN = re.compile(
    rb"(?P<fin>\{1:[A-Z][0-9]{2})|(?P<comment><!--)|(?P<doctype><!\s*(?:DOCTYPE|ENTITY))"
    rb"|<(?P<name>(?:[\w.\-]++:)?(?P<local>AppHdr|Document))(?=[\s/>])"
)
"""Where something begins that a cutter looks at."""
FILLING = re.compile(rb"(?:\xef\xbb\xbf)?[\s$\x00\x01\x03\x1a]*+\Z")
"""Bytes that mean nothing, to the end."""
_FIELD_LINE = re.compile(rb"(?:^|[\r\n])[ \t]*+:[0-9]{2}[A-Z]?:")
_TAG = re.compile(rb"<[^<>]*+>|\]\]>|<!\[CDATA\[")
_BUSINESS_TAG = re.compile(rb"<(?:[\w.\-]++:)?(?:GrpHdr|PmtInf|Ntry|\w*TxInf\w*)(?=[\s/>])")
ESCAPED_DOCUMENT = re.compile(rb"&lt;(?:[\w.\-]++:)?Document\b")
"""A document that stands as text in an element of another."""
_NAMESPACE = re.compile(rb"""\sxmlns(?::([\w.\-]+))?\s*=\s*("[^"<>]*"|'[^'<>]*')""")
_ENCODING = re.compile(rb"""<\?xml[^<>]*?\sencoding\s*=\s*["']([\w.\-]+)["']""")
_SHORT_BYTES = 256  # of what stands between messages: mostly the same tags again and again


@dataclass
class Surroundings:
    """What a file has told so far about the pieces to come.

    Attributes:
        namespaces: Prefix to quoted name, as declared by elements around documents.
        encoding: Encoding that the last XML declaration named.
        has_doctype: A document type was met: nothing behind it is read.
        has_pieces: Whether any piece was found.
    """

    namespaces: dict[bytes, bytes] = field(default_factory=dict)
    encoding: str | None = None
    has_doctype: bool = False
    has_pieces: bool = False

    def note(self, gap: bytes) -> None:
        """Keep what the tags between messages declare."""
        if b"xmlns" in gap:
            for found in _NAMESPACE.finditer(gap):
                self.namespaces[found[1] or b""] = found[2]
        if b"encoding" in gap and (encoding := _ENCODING.search(gap)):
            self.encoding = encoding[1].decode("ascii", "replace")

    def refusal(self) -> tuple[str, str] | None:
        """Why nothing more of the file is read."""
        if self.has_doctype:
            return "doctype", "a document type or entity is declared: refused"
        return None

    def declarations(self) -> bytes:
        """The namespaces as attributes."""
        if not self.namespaces:
            return b""
        return b"".join(
            b" xmlns" + (b":" + prefix if prefix else b"") + b"=" + value
            for prefix, value in self.namespaces.items()
        )


def is_filling(gap: bytes, *, among_messages: bool) -> bool:
    """Whether bytes between messages hold nothing of a message."""
    looked_at = _is_short_filling if len(gap) <= _SHORT_BYTES else _is_filling
    return looked_at(gap, among_messages=among_messages)


def _is_filling(gap: bytes, *, among_messages: bool) -> bool:
    if FILLING.match(gap):
        return True
    if not among_messages:
        return False
    if b"<" in gap:
        if _BUSINESS_TAG.search(gap) or ESCAPED_DOCUMENT.search(gap):
            return False
        gap = _TAG.sub(b"", gap)
    return b"{" not in gap and b"<" not in gap and not _FIELD_LINE.search(gap)


_is_short_filling = lru_cache(maxsize=1_000)(_is_filling)


@lru_cache(maxsize=1_000)
def gap_kind(gap: bytes) -> int:
    """Whether bytes between elements are filling, and whether they declare anything."""
    if TOKEN.search(gap) or not _is_filling(gap, among_messages=True):
        return ODD
    return TELLS if b"xmlns" in gap or b"encoding" in gap else SILENT
