"""Rows of CSV and Parquet exports as pieces, each with its place in the file.

A row of CSV keeps its offset and length in bytes, quoted line ends included; a row
of Parquet has its number from 1 for an offset. A piece holds the mapped columns as
JSON, which is what `rejected show` prints of a row that was refused.
"""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scanner.errors import UsageError
from scanner.ingest.containers import Piece
from scanner.ingest.mapping import Export
from scanner.ingest.streams import Limits, RefusedError

PARQUET_START = b"PAR1"
_BATCH_ROWS = 2000
_FIELD_CHARACTERS = 1 << 20


def csv_pieces(
    chunks: Iterator[bytes], export: Export, *, where: str, limits: Limits
) -> Iterator[Piece]:
    """Rows of a CSV file.

    Args:
        chunks: Bytes of the file.
        export: How its columns are named and written.
        where: Name of the file, for errors.
        limits: Longest row.

    Raises:
        UsageError: The header lacks a column of the mapping.
    """
    csv.field_size_limit(_FIELD_CHARACTERS)
    lines = _Lines(chunks, export.encoding, limits.message_bytes)
    reader = csv.reader(lines, delimiter=export.delimiter, strict=True)
    header = list(export.columns)
    if header:
        export.require_columns(header, where)
    used = export.used_columns()
    while True:
        start, refusal, row = lines.offset, None, list[str]()
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            refusal = ("row", f"line {lines.count}: {error}")
        except RefusedError as error:
            refusal = (error.code, f"line {lines.count + 1}: {error}")
            lines.pass_over()
        shown = lines.taken()
        length = lines.offset - start
        if refusal is None and not any(row):
            continue
        if refusal is None and not header:
            header = [cell.removeprefix("\ufeff").strip() for cell in row]
            export.require_columns(header, where)
            continue
        if refusal is None:
            refusal = _unfit(row, header, lines.count)
        if refusal is not None:
            yield Piece("row", start, shown[: limits.excerpt_bytes], length, refusal=refusal)
            continue
        values = dict(zip(header, row, strict=True))
        content = json.dumps({name: values[name] for name in used}, ensure_ascii=False)
        yield Piece("row", start, content.encode(), length)


def _unfit(row: list[str], header: list[str], line: int) -> tuple[str, str] | None:
    if len(row) != len(header):
        return "row", f"line {line}: {len(row)} columns instead of {len(header)}"
    for name, value in zip(header, row, strict=True):
        if any("\udc80" <= sign <= "\udcff" for sign in value):
            return "encoding", f"line {line}, column {name!r}: its bytes are not of the encoding"
    return None


class _Lines:
    """Lines of the chunks as text; what is no text of the encoding stays visible in it.

    Attributes:
        offset: Bytes of the lines given so far.
        count: Lines given so far.
    """

    def __init__(self, chunks: Iterator[bytes], encoding: str, longest_bytes: int) -> None:
        self.offset, self.count = 0, 0
        self._chunks, self._encoding, self._longest = chunks, encoding, longest_bytes
        self._held, self._position, self._ended = b"", 0, False
        self._taken: list[bytes] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        while (end := self._held.find(b"\n", self._position)) < 0:
            if len(self._held) - self._position > self._longest:
                raise RefusedError("too_long", f"longer than {self._longest} bytes: passed over")
            chunk = b"" if self._ended else next(self._chunks, b"")
            if not chunk:
                self._ended = True
                end = len(self._held) - 1
                break
            self._held, self._position = self._held[self._position :] + chunk, 0
        line = self._held[self._position : end + 1]
        if not line:
            raise StopIteration
        self._position = end + 1
        self.offset += len(line)
        self.count += 1
        self._taken.append(line)
        return line.decode(self._encoding, "surrogateescape")

    def taken(self) -> bytes:
        """Bytes of the lines given since it was last asked."""
        made = b"".join(self._taken)
        self._taken = []
        return made

    def pass_over(self) -> None:
        """Go behind the line that is too long, in bounded memory."""
        held, self._held = self._held[self._position :], b""
        self._position = 0
        self._taken.append(held[:4096])
        while b"\n" not in held:
            self.offset += len(held)
            held = next(self._chunks, b"")
            if not held:
                self._ended = True
                break
        end = held.find(b"\n") + 1
        self.offset += end
        self.count += 1
        self._held = held[end:]


def parquet_pieces(path: Path, export: Export, *, limits: Limits) -> Iterator[Piece]:
    """Rows of a Parquet file; only the columns of the mapping are read.

    Raises:
        UsageError: A column of the mapping is missing or holds lists or records.
        RefusedError: The file is larger than allowed or damaged.
    """
    if path.stat().st_size > limits.file_bytes:
        raise RefusedError("too_large", f"more than {limits.file_bytes} bytes: refused")
    used, number = export.used_columns(), 0
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            export.require_columns(schema.names, str(path))
            for name in used:
                if pa.types.is_nested(schema.field(name).type):
                    raise UsageError(
                        f"the column {name!r} holds lists or records, not single values",
                        where=str(path),
                    )
            for batch in file.iter_batches(_BATCH_ROWS, columns=used):
                for values in batch.to_pylist():
                    number += 1
                    told = {name: _as_text(values[name], export) for name in used}
                    content = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
                    yield Piece("row", number, content, len(content))
    except (pa.ArrowException, OSError) as error:
        raise RefusedError("parquet", f"unreadable from row {number + 1} on: {error}") from error


def _as_text(value: Any, export: Export) -> str:
    """A typed value as an export of text would hold it."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.decode("cp1252", "replace")
    if isinstance(value, (date, datetime)):
        return value.strftime(export.date_format)
    if isinstance(value, (float, Decimal)):
        # The shortest decimal that is this float: what the bank's program wrote.
        return format(Decimal(str(value)), "f").replace(".", export.decimal)
    return str(value).lower() if isinstance(value, bool) else str(value)
