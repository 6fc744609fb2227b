"""Files to batches: finds them, reads them, and accounts for every piece."""

import gzip
import hashlib
import io
import multiprocessing
import zipfile
import zlib
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from scanner.errors import UsageError
from scanner.ingest.containers import Piece, container_of, cut
from scanner.ingest.fin import UnreadableFinError, read_fin
from scanner.ingest.mt import read_mt
from scanner.ingest.mx import UnreadableXmlError, documents, parse, read_mx
from scanner.ingest.rows import Batch, Rows, SourceFacts, row_id

_ROWS_PER_BATCH = 20_000


@dataclass(frozen=True)
class Limits:
    """What a file may cost.

    Attributes:
        file_bytes: Largest file, unpacked.
        excerpt_bytes: Most raw bytes kept of a rejected piece.
        unpack_ratio: Largest unpacked size as a multiple of the packed one.
        message_bytes: Longest message.
    """

    file_bytes: int = 4 << 30
    excerpt_bytes: int = 64 << 10
    unpack_ratio: int = 200
    message_bytes: int = 10 << 20


class _RefusedError(ValueError):
    """A file or piece that is refused whole; `code` says why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def find_sources(patterns: Sequence[str]) -> list[Path]:
    """Files under the given files, folders and globs, in order, each once.

    Raises:
        UsageError: A pattern matches nothing.
    """
    found: dict[Path, None] = {}
    for pattern in patterns:
        path = Path(pattern)
        if path.is_dir():
            matched = [p for p in sorted(path.rglob("*")) if p.is_file() and not _hidden(p, path)]
        elif path.is_file():
            matched = [path]
        else:
            root = Path(path.anchor)
            inside = path.relative_to(root) if path.anchor else path
            matched = [p for p in sorted(root.glob(str(inside))) if p.is_file()]
        if not matched:
            raise UsageError(
                "no file found", where=pattern, hint="give a file, a folder or a quoted glob"
            )
        found |= dict.fromkeys(matched)
    return list(found)


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def read_sources(
    paths: Sequence[Path],
    *,
    limits: Limits | None = None,
    workers: int = 1,
    seen: Sequence[str] = (),
) -> Iterator[Batch]:
    """Read files and hand their rows over in batches, in the order of the files.

    Args:
        paths: Files to read.
        limits: What a file may cost.
        workers: Processes that read, a file at a time each.
        seen: SHA-256 of files read before; an equal file is read as a further copy.
    """
    limits = limits or Limits()
    if workers > 1 and len(paths) > 1:
        yield from _read_by_processes(paths, limits, workers, Counter(seen))
        return
    copies = Counter(seen)
    rows, ended = Rows(), []
    for path in paths:
        file_rows, facts = _read_file(path, limits, copies)
        rows.extend(file_rows)
        ended.append(facts)
        if len(rows.parties) >= _ROWS_PER_BATCH:
            yield rows.batch(tuple(ended))
            rows, ended = Rows(), []
    if ended:
        yield rows.batch(tuple(ended))


def _read_by_processes(
    paths: Sequence[Path], limits: Limits, workers: int, copies: Counter[str]
) -> Iterator[Batch]:
    """Batches in the order of the files; only a few are held at once."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: deque[Future[Batch]] = deque()
        for path in paths:
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            before = [sha256] * copies[sha256]
            copies[sha256] += 1
            waiting.append(pool.submit(_read_alone, path, limits, before))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _read_alone(path: Path, limits: Limits, seen: Sequence[str]) -> Batch:
    rows, facts = _read_file(path, limits, Counter(seen))
    return rows.batch((facts,))


def _read_file(path: Path, limits: Limits, copies: Counter[str]) -> tuple[Rows, SourceFacts]:
    rows = Rows()
    if path.stat().st_size > limits.file_bytes:
        return _refused_file(path, limits)
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    # Two files of equal bytes are two deliveries: each has its own rows.
    copy = f"#{copies[sha256]}" if copies[sha256] else ""
    copies[sha256] += 1
    for member, unpacked in _members(content, limits, rows, path, sha256):
        name = f"{path}!{member}" if member else str(path)
        _read_content(rows, name, sha256, member + copy, unpacked, limits)
    facts = SourceFacts(
        path,
        sha256,
        len(content),
        len(rows.messages),
        len(rows.transactions),
        len(rows.rejected),
    )
    return rows, facts


def _refused_file(path: Path, limits: Limits) -> tuple[Rows, SourceFacts]:
    """A file that is too long is accounted for without being held in memory."""
    rows = Rows()
    seen = hashlib.sha256()
    with path.open("rb") as file:
        start = file.read(limits.excerpt_bytes)
        seen.update(start)
        while chunk := file.read(1 << 20):
            seen.update(chunk)
    size, sha256 = path.stat().st_size, seen.hexdigest()
    reason = f"longer than {limits.file_bytes} bytes: cut the export into smaller files"
    _reject(rows, str(path), sha256, "", 0, start, "too_large", reason, limits)
    rows.rejected[-1]["byte_length"] = size
    return rows, SourceFacts(path, sha256, size, 0, 0, 1)


def _members(
    content: bytes, limits: Limits, rows: Rows, path: Path, sha256: str
) -> Iterator[tuple[str, bytes]]:
    try:
        if content[:2] == b"\x1f\x8b":
            yield "", _gunzipped(content, limits)
        elif content[:4] == b"PK\x03\x04":
            yield from _zip_members(path, len(content), limits)
        else:
            yield "", content
    except (_RefusedError, OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        code = getattr(error, "code", "archive")
        _reject(
            rows,
            str(path),
            sha256,
            "",
            0,
            content,
            str(code),
            f"cannot be unpacked: {error}",
            limits,
        )


def _zip_members(path: Path, packed: int, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Members of a zip, read as streams; sizes are counted, not believed."""
    left = _most_bytes(packed, limits)
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            with archive.open(info) as stream:
                content = stream.read(left + 1)
            if len(content) > left:
                raise _RefusedError("zip_bomb", f"unpacks to more than {left} bytes: refused")
            if content[:4] == b"PK\x03\x04" or content[:2] == b"\x1f\x8b":
                raise _RefusedError("archive_in_archive", f"{info.filename} is an archive: refused")
            left -= len(content)
            yield info.filename, content


def _gunzipped(content: bytes, limits: Limits) -> bytes:
    most = _most_bytes(len(content), limits)
    with gzip.open(io.BytesIO(content)) as stream:
        made = stream.read(most + 1)
    if len(made) > most:
        raise _RefusedError("bomb", f"unpacks to more than {most} bytes: refused")
    return made


def _most_bytes(packed: int, limits: Limits) -> int:
    return min(limits.file_bytes, max(packed, 1) * limits.unpack_ratio)


def _read_content(
    rows: Rows, name: str, sha256: str, member: str, content: bytes, limits: Limits
) -> None:
    content, charset = _recoded(content)
    container = container_of(content)
    for piece in cut(content):
        row: dict[str, Any] = {
            "source_file": name,
            "source_sha256": sha256,
            "byte_offset": piece.offset,
            "byte_length": len(piece.content),
            "container": container,
            "is_acknowledged": piece.acknowledged,
            "content_sha256": hashlib.sha256(piece.content).hexdigest(),
        }
        try:
            if len(piece.content) > limits.message_bytes:
                raise _RefusedError("too_long", f"longer than {limits.message_bytes} bytes")
            rows.extend(_read_piece(piece, row, sha256, member, charset))
        except (_RefusedError, UnreadableFinError, UnreadableXmlError) as error:
            _reject(
                rows,
                name,
                sha256,
                member,
                piece.offset,
                piece.content,
                error.code,
                str(error),
                limits,
            )


def _read_piece(
    piece: Piece, row: dict[str, Any], sha256: str, member: str, charset: str | None
) -> Rows:
    if piece.kind == "noise":
        raise _RefusedError("not_a_message", "neither a SWIFT FIN message nor ISO 20022 XML")
    if piece.kind == "fin":
        text, used = _decoded(piece.content)
        row |= {"message_id": row_id(sha256, piece.offset, member), "charset": charset or used}
        return read_mt(read_fin(text), row)
    rows = Rows()
    found = list(documents(parse(piece.content)))
    if not found:
        raise UnreadableXmlError("no_document", "the XML holds no ISO 20022 Document")
    for position, (header, document) in enumerate(found):
        own = row | {
            "message_id": row_id(sha256, piece.offset + position, member),
            "charset": charset or "utf-8",
        }
        if position:
            # The bytes are accounted for by the first message of the piece.
            own |= {"byte_length": 0, "content_sha256": _hash_of(document)}
        rows.extend(read_mx(header, document, own))
    return rows


def _hash_of(document: Any) -> str:
    return hashlib.sha256(etree.tostring(document)).hexdigest()


def _recoded(content: bytes) -> tuple[bytes, str | None]:
    """UTF-16 by its byte order mark becomes UTF-8; offsets then count in that."""
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[2:].decode(name, "replace").encode(), name
    return content, None


def _decoded(content: bytes) -> tuple[str, str]:
    for name in ("ascii", "utf-8"):
        try:
            return content.decode(name), name
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", "replace"), "cp1252"


def _reject(
    rows: Rows, name: str, sha256: str, member: str, offset: int, content: bytes, code: str,
    reason: str, limits: Limits,
) -> None:  # fmt: skip
    rejected_id = row_id(sha256, offset, member)
    rows.rejected.append(
        {
            "rejected_id": rejected_id,
            "source_file": name,
            "source_sha256": sha256,
            "byte_offset": offset,
            "byte_length": len(content),
            "reason_code": code,
            "reason": reason,
        }
    )
    rows.excerpts[rejected_id] = content[: limits.excerpt_bytes]
