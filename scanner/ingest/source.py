"""Files to batches: finds them, has them read piece by piece, and accounts for every piece.

A file is read as a stream: the cutter gives whole messages, about four megabytes
of them make one job, and a job becomes one batch. Jobs run here or in worker
processes; batches come in the order of the files either way.
"""

import ctypes
import gc
import multiprocessing
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain, islice, repeat
from pathlib import Path
from tempfile import TemporaryDirectory

from scanner.errors import UsageError
from scanner.ingest.containers import Cutter, Piece, container_of
from scanner.ingest.export_files import PARQUET_START, csv_pieces, parquet_pieces
from scanner.ingest.handover import Parcel, Shelf, put_down
from scanner.ingest.mapping import Export, ExportMapping
from scanner.ingest.reading import Counts, Origin, Portion, read_portions
from scanner.ingest.rows import Batch, SourceFacts
from scanner.ingest.streams import CHUNK_BYTES, Limits, RefusedError, members_of, recoded
from scanner.ingest.stretches import survey

_SHOWN_BYTES = 4096
_ROWS_AT_ONCE = 1000
_MOST_PIECES = 50_000
_PIECE_BYTES = 80  # so that as many pieces are as much as a chunk, however short they are
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # in malloc.h
_KEPT_BYTES = 128 << 20


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
    mapping: ExportMapping | None = None,
    aside: Path | None = None,
) -> Iterator[Batch]:
    """Read files and hand their rows over in batches, in the order of the files.

    Args:
        paths: Files to read.
        limits: What a file may cost.
        workers: Processes that read, a few megabytes at a time each.
        seen: SHA-256 of files read before; an equal file is read as a further copy.
        mapping: Which files are exports of rows, and what their columns mean.
        aside: Folder in which worker processes hand batches over; the system's own without one.

    Raises:
        UsageError: An export lacks a column that its mapping names.
    """
    limits = limits or Limits()
    jobs = _jobs(_portions(paths, limits, Counter(seen), mapping or ExportMapping(), workers))
    totals: dict[Path, SourceFacts] = {}
    for job, (batch, counts) in _done(jobs, limits, workers, aside):
        ended: list[SourceFacts] = []
        for portion, (messages, transactions, rejected) in zip(job.portions, counts, strict=True):
            origin = portion.origin
            before = totals.pop(
                origin.path, SourceFacts(origin.path, origin.sha256, origin.byte_length, 0, 0, 0)
            )
            facts = replace(
                before,
                messages=before.messages + messages,
                transactions=before.transactions + transactions,
                rejected=before.rejected + rejected,
            )
            if portion.ends_file:
                ended.append(facts)
            else:
                totals[origin.path] = facts
        yield replace(batch, sources=tuple(ended))


@dataclass(frozen=True)
class _Job:
    """Portions that one process reads into one batch."""

    portions: list[Portion] = field(default_factory=list)


_Done = tuple[Batch, Counts]


def _done(
    jobs: Iterator[_Job], limits: Limits, workers: int, aside: Path | None
) -> Iterator[tuple[_Job, _Done]]:
    if workers <= 1:
        for job in jobs:
            yield job, _read_job(job, limits)
        return
    context = multiprocessing.get_context("spawn")
    with (
        TemporaryDirectory(prefix="scanner-", dir=aside, ignore_cleanup_errors=True) as name,
        ProcessPoolExecutor(workers, mp_context=context, initializer=_keep_memory) as pool,
    ):
        pool.submit(_start)  # the processes start while the first file is looked through
        shelf = Shelf(Path(name))
        waiting: deque[tuple[_Job, Future[tuple[Parcel, Counts]]]] = deque()
        ahead: Iterator[_Job | None] = chain(jobs, repeat(None, workers + 2))
        for coming in ahead:
            if coming is not None:
                done = pool.submit(_read_aside, coming, limits, shelf.place())
                waiting.append((coming, done))
            if waiting and (coming is None or len(waiting) > workers + 1):
                first, future = waiting.popleft()
                parcel, counts = future.result()
                yield first, (shelf.pick_up(parcel), counts)


def _keep_memory() -> None:
    """Have the allocator keep what one batch frees for the next.

    Giving memory back and asking for it again for each batch costs a twentieth of the work. Only
    the GNU C library can be told so; a worker process is ours alone, its parent is not.
    """
    with suppress(OSError, TypeError, AttributeError):
        allocator = ctypes.CDLL(None)
        allocator.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        allocator.mallopt(_MMAP_THRESHOLD, _KEPT_BYTES // 4)


def _start() -> None:
    """What a process does to have started: nothing but its imports."""


def _read_aside(job: _Job, limits: Limits, path: Path) -> tuple[Parcel, Counts]:
    batch, counts = _read_job(job, limits)
    return put_down(batch, path), counts


def _read_job(job: _Job, limits: Limits) -> _Done:
    with _without_collector():
        # The rows are gone again, and need no look, when the collector may look.
        portions = [_cut(portion, limits) for portion in job.portions]
        return read_portions(portions, excerpt_bytes=limits.excerpt_bytes)


def _cut(portion: Portion, limits: Limits) -> Portion:
    """A portion with its pieces, which a stretch of a file does not have yet."""
    if portion.stretch is None:
        return portion
    start, end = portion.stretch
    with portion.origin.path.open("rb") as file:
        file.seek(start)
        content = file.read(end - start)
    cutter = Cutter(longest_bytes=limits.message_bytes, sets_aside=True, offset=start)
    pieces = tuple(_bounded(piece, limits) for piece in cutter.feed(content, final=True))
    return Portion(portion.origin, pieces, plain=cutter.plain, documents=cutter.documents)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rows are many and make no cycles: looking for some would take a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _jobs(portions: Iterator[Portion]) -> Iterator[_Job]:
    job, size = _Job(), 0
    for portion in portions:
        job.portions.append(portion)
        size += _SHOWN_BYTES + sum(_PIECE_BYTES + len(piece.content) for piece in portion.pieces)
        size += len(portion.plain.chunk) if portion.plain else 0
        size += len(portion.documents.chunk) if portion.documents else 0
        size += portion.stretch[1] - portion.stretch[0] if portion.stretch else 0
        if size >= CHUNK_BYTES:
            yield job
            job, size = _Job(), 0
    if job.portions:
        yield job


def _portions(
    paths: Sequence[Path],
    limits: Limits,
    copies: Counter[str],
    mapping: ExportMapping,
    workers: int,
) -> Iterator[Portion]:
    for path in paths:
        found = survey(path, limits, with_parts=workers > 1 and mapping.of(path.name) is None)
        sha256 = found.sha256
        origin = Origin(path, sha256, found.byte_length, name=str(path))
        # Two files of equal bytes are two deliveries: each has its own rows.
        copy = f"#{copies[sha256]}" if copies[sha256] else ""
        copies[sha256] += 1
        if found.borders:
            part = replace(origin, member=copy, container=found.container or "")
            yield from (Portion(part, (), stretch=stretch) for stretch in found.parts())
            yield Portion(origin, (), ends_file=True)
            continue
        try:
            for member, chunks in members_of(path, limits):
                name = f"{path}!{member}" if member else str(path)
                part = replace(origin, member=member + copy, name=name)
                try:
                    export = mapping.of(member or path.name)
                    if export is not None:
                        yield from _of_export(part, chunks, export, limits)
                    else:
                        yield from _of_member(part, chunks, limits)
                except RefusedError as error:
                    if error.code != "archive_in_archive":
                        raise
                    # Nothing of it was unpacked: what stands behind it can still be read.
                    yield _refused(part, (error.code, str(error)))
        except RefusedError as error:
            yield _refused(replace(origin, member=copy), (error.code, str(error)))
        yield Portion(origin, (), ends_file=True)


def _of_member(origin: Origin, chunks: Iterator[bytes], limits: Limits) -> Iterator[Portion]:
    """Portions of one file or member; the cutter holds at most one message and a chunk."""
    chunks, charset = recoded(chunks)
    cutter = Cutter(longest_bytes=limits.message_bytes, sets_aside=True)
    container: str | None = None
    for chunk in chunks:
        if container is None:
            container = container_of(chunk[:CHUNK_BYTES])
            origin = replace(origin, container=container, charset=charset)
        yield from _portion(origin, cutter, limits, chunk)
    yield from _portion(origin, cutter, limits, b"", final=True)


def _of_export(
    origin: Origin, chunks: Iterator[bytes], export: Export, limits: Limits
) -> Iterator[Portion]:
    """Portions of an export: many rows of one piece each."""
    first = next(chunks, b"")
    if not first.startswith(PARQUET_START):
        text, charset = recoded(chain([first], chunks))
        origin = replace(origin, export=export, container="csv", charset=charset or export.encoding)
        pieces = csv_pieces(text, export, where=origin.name, limits=limits)
    elif origin.name != str(origin.path):
        raise RefusedError("archive", "a Parquet file in an archive cannot be read as a stream")
    else:
        origin = replace(origin, export=export, container="parquet", charset="utf-8")
        pieces = parquet_pieces(origin.path, export, limits=limits)
    while rows := tuple(_bounded(piece, limits) for piece in islice(pieces, _ROWS_AT_ONCE)):
        yield Portion(origin, rows)


def _portion(
    origin: Origin, cutter: Cutter, limits: Limits, chunk: bytes, *, final: bool = False
) -> Iterator[Portion]:
    pieces = (_bounded(piece, limits) for piece in cutter.feed(chunk, final=final))
    # Where starts of messages stand one at another, a chunk holds hundreds of thousands.
    while len(found := tuple(islice(pieces, _MOST_PIECES))) == _MOST_PIECES:
        yield Portion(origin, found)
    if found or cutter.plain or cutter.documents:
        yield Portion(origin, found, plain=cutter.plain, documents=cutter.documents)


def _bounded(piece: Piece, limits: Limits) -> Piece:
    if len(piece.content) <= limits.message_bytes:
        return piece
    return piece._replace(
        content=piece.content[: limits.excerpt_bytes],
        refusal=("too_long", f"longer than {limits.message_bytes} bytes"),
    )


def _refused(origin: Origin, refusal: tuple[str, str]) -> Portion:
    with origin.path.open("rb") as file:
        start = file.read(_SHOWN_BYTES)
    piece = Piece("noise", 0, start, origin.byte_length, refusal=refusal, part="!")
    return Portion(origin, (piece,))
