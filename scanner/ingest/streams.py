"""Files as streams of chunks: unpacked, turned into bytes that the cutter knows, and bounded.

Archives are read as streams and never extracted; a member's name is only ever
shown. Sizes are counted while unpacking and not believed. UTF-16 and EBCDIC are
turned into UTF-8 and Latin-1; offsets then count in what was made of the file.
"""

import codecs
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK_BYTES = 4 << 20
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EBCDIC_START = re.compile(rb"\xc0\xf1\x7a[\xc1-\xe9][\xf0-\xf9]{2}")
_UTF_16_STARTS = {
    b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be",
    b"{\x001\x00": "utf-16-le", b"\x00{\x001": "utf-16-be",
    b"<\x00": "utf-16-le", b"\x00<": "utf-16-be",
}  # fmt: skip
_SNIFFED_BYTES = 4096
_READ_BYTES = 256 << 10


@dataclass(frozen=True)
class Limits:
    """What a file may cost.

    Attributes:
        file_bytes: Largest file, unpacked.
        excerpt_bytes: Most raw bytes kept of a rejected piece.
        unpack_ratio: Largest unpacked size as a multiple of the packed one.
        message_bytes: Longest message.
    """

    file_bytes: int = 64 << 30
    excerpt_bytes: int = 64 << 10
    unpack_ratio: int = 200
    message_bytes: int = 10 << 20


class RefusedError(ValueError):
    """A file, member or piece that is refused whole; `code` says why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def members_of(path: Path, limits: Limits) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Name and chunks of each part of a file; of a plain file one part without a name.

    Each part must be read to its end before the next is asked for.

    Raises:
        RefusedError: It is larger than allowed, a bomb, damaged, or packed in a way nobody reads.
    """
    packed = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start == _ZIP:
            yield from _zip_members(file, _Budget.of(packed, limits, "zip_bomb"))
        elif start[:2] == _GZIP:
            with _unpacking(), gzip.open(file) as stream:
                chunks = _Budget.of(packed, limits, "bomb").chunks(stream)
                yield "", _no_archive(chunks, path.name)
        else:
            yield "", _Budget(limits.file_bytes, "too_large").chunks(file)


def recoded(chunks: Iterator[bytes]) -> tuple[Iterator[bytes], str | None]:
    """Chunks of UTF-16 or EBCDIC as bytes that hold ASCII, with the name of what they were."""
    first = next(chunks, b"")
    for mark, name in _UTF_16_STARTS.items():
        if first.startswith(mark):
            return _transcoded(first, chunks, name, "utf-8"), name
    start = first[:_SNIFFED_BYTES]
    if b"{1:" not in start and _EBCDIC_START.search(start):
        return _transcoded(first, chunks, "cp037", "latin-1"), "ebcdic"
    return _prepended(first, chunks), None


class _Budget:
    """Counts the bytes that a file unpacks to, and refuses it where they are too many."""

    def __init__(self, left: int, code: str) -> None:
        self._left, self._most, self._code = left, left, code

    @classmethod
    def of(cls, packed: int, limits: Limits, code: str) -> "_Budget":
        return cls(min(limits.file_bytes, max(packed, 1) * limits.unpack_ratio), code)

    def chunks(self, stream: _Readable) -> Iterator[bytes]:
        """Chunks of the stream; what was unpacked before a damage is given before the error."""
        held: list[bytes] = []
        size = 0
        try:
            while part := self._read(stream):
                held.append(part)
                size += len(part)
                if size >= CHUNK_BYTES:
                    yield b"".join(held)
                    held, size = [], 0
        except RefusedError:
            yield b"".join(held)
            raise
        yield b"".join(held)

    def _read(self, stream: _Readable) -> bytes:
        with _unpacking():
            part = stream.read(_READ_BYTES)
        self._left -= len(part)
        if self._left < 0:
            raise RefusedError(self._code, f"more than {self._most} bytes, unpacked: refused")
        return part


def _zip_members(file: BinaryIO, budget: _Budget) -> Iterator[tuple[str, Iterator[bytes]]]:
    with _unpacking(), zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            with archive.open(info) as stream:
                yield info.filename, _no_archive(budget.chunks(stream), info.filename)


def _no_archive(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    first = next(chunks, b"")
    if first.startswith((_ZIP, _GZIP)):
        raise RefusedError("archive_in_archive", f"{name} holds an archive in an archive: refused")
    yield from _prepended(first, chunks)


@contextmanager
def _unpacking() -> Iterator[None]:
    """Say in one error what the libraries say in many.

    A RuntimeError tells of an encrypted member, NotImplementedError of a method nobody reads.
    """
    try:
        yield
    except RefusedError:
        raise
    except (OSError, EOFError, RuntimeError, ValueError, zlib.error, zipfile.BadZipFile) as error:
        raise RefusedError("archive", f"cannot be unpacked: {error}") from error


def _transcoded(first: bytes, chunks: Iterator[bytes], source: str, target: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(source)("replace")
    for chunk in _prepended(first, chunks):
        # An EBCDIC line ends with NEL.
        yield decoder.decode(chunk).replace("\x85", "\n").encode(target, "replace")
    yield decoder.decode(b"", final=True).encode(target, "replace")


def _prepended(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest
