"""Parts of a plain FIN file that worker processes cut and read apart, each from a message's start.

A file is looked through once, for its hash and for borders. Only where every part is
cut exactly as the whole would be are there parts: nothing but FIN, no markup, no part
longer than a message may be. All other files are cut in one go.
"""

import hashlib
import re
from dataclasses import dataclass
from io import BufferedReader
from itertools import pairwise
from pathlib import Path

from scanner.ingest.containers import container_of
from scanner.ingest.streams import CHUNK_BYTES, Limits

_START = re.compile(rb"\{1:([A-Z][0-9]{2})")
_ACKNOWLEDGEMENT = b"F21"
_KEPT_BYTES = 16  # of the last chunk, so that no start is cut in two
_SNIFFED_BYTES = 4096


@dataclass(frozen=True)
class Survey:
    """What a look through a file found.

    Attributes:
        sha256: Of the file's bytes.
        byte_length: Of the file.
        container: How it holds its messages; None where it has no parts.
        borders: Where its parts begin, and its end; nothing where it has no parts.
    """

    sha256: str
    byte_length: int
    container: str | None = None
    borders: tuple[int, ...] = ()

    def parts(self) -> list[tuple[int, int]]:
        """Start and end of each part."""
        return list(pairwise(self.borders))


def survey(path: Path, limits: Limits, *, with_parts: bool) -> Survey:
    """Look through a file.

    Args:
        path: The file.
        limits: What a file and a message may cost.
        with_parts: Whether parts are asked for; without them only the hash is made.
    """
    with path.open("rb") as file:
        if not with_parts:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return Survey(sha256, file.tell())
        return _surveyed(file, limits)


def _surveyed(file: BufferedReader, limits: Limits) -> Survey:
    digest, size, container = hashlib.sha256(), 0, None
    borders: list[int] | None = [0]
    buffer, held = bytearray(CHUNK_BYTES), b""
    while count := file.readinto(buffer):
        # One buffer for all: new memory for each chunk would cost as much as reading it.
        chunk = buffer if count == len(buffer) else buffer[:count]
        digest.update(chunk)
        if not size:
            container = container_of(bytes(chunk))
            start = bytes(chunk[:_SNIFFED_BYTES])
            if not (_START.search(start) and start.lstrip()[:1] in (b"{", b"\x01", b"$")):
                borders = None
        elif borders is not None:
            found = _border(held + chunk[:_SNIFFED_BYTES])  # mostly it stands near
            if found is None:
                found = _border(held + chunk)
            if found is not None:
                borders.append(size - len(held) + found)
        if chunk.find(b"<") >= 0:
            borders = None
        size += count
        held = bytes(chunk[-_KEPT_BYTES:])
    if borders is None or len(borders) < 2 or size > limits.file_bytes:
        return Survey(digest.hexdigest(), size)
    borders.append(size)
    longest = max(end - start for start, end in pairwise(borders))
    if longest > limits.message_bytes:
        return Survey(digest.hexdigest(), size)
    return Survey(digest.hexdigest(), size, container, tuple(borders))


def _border(chunk: bytes) -> int | None:
    """The first start of a message that is not preceded by its acknowledgement."""
    before = _ACKNOWLEDGEMENT  # what stands before the chunk is not known
    for found in _START.finditer(chunk):
        if before != _ACKNOWLEDGEMENT:
            return found.start()
        before = found[1]
    return None
