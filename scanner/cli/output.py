"""stdout is data: result tables in one of six forms, to the terminal or whole into a file.

What a message says is hostile until shown otherwise. On a terminal and in
Markdown, control and bidirectional characters are written as escapes, so that a
name can neither move the cursor nor turn the reading direction. In CSV a text
that a spreadsheet would take for a formula gets an apostrophe in front. JSON
keeps every character and writes the invisible ones as escapes; Parquet keeps all
as it is.
"""

import csv
import io
import itertools
import json
import math
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from scanner.errors import ExitCode, UsageError
from scanner.visible import INVISIBLE, escape_of, safe_line

if TYPE_CHECKING:
    import pyarrow as pa

FORMS = ("table", "csv", "json", "jsonl", "parquet", "md")

_CELL_WIDTH_MAX = 60
_TABLE_ROWS_MAX = 1_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A spreadsheet shows tabs and line breaks inside a cell; the rest would act.
_UNSAFE_IN_CSV = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f{INVISIBLE[3:]}]")
_UNSAFE_IN_JSON = re.compile(f"[{INVISIBLE}]")


def form_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--format` and `-o/--output`."""
    command = click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write to this file, whole or not at all.",
    )(command)
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        help="Form of the result. [default: by the file's ending; table on a terminal, else jsonl]",
    )(command)


def write_table(
    data: "pa.Table | Iterator[pa.RecordBatch]",
    *,
    form: str | None = None,
    output: Path | None = None,
) -> int:
    """Write a result to stdout or to a file.

    Args:
        data: A table, or its pieces in order; the first piece tells the columns.
        form: One of FORMS; None = by the file's ending, else table on a terminal and
            jsonl elsewhere.
        output: File that appears whole; None = stdout.

    Returns:
        Rows written.

    Raises:
        UsageError: The file cannot be written, or Parquet would go to a terminal.
    """
    pieces: Iterator[Any] = iter([data]) if hasattr(data, "to_batches") else iter(data)
    first = next(pieces)
    form = form or _form_of(output)
    everything = itertools.chain([first], pieces)
    with _sink(form, output) as stream:
        if form == "parquet":
            return _write_parquet(first.schema, everything, stream)
        names = list(first.schema.names)
        rows = (row for piece in everything for row in _rows_of(piece))
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
        try:
            count = _WRITERS[form](text, names, rows)
            text.flush()
        finally:
            text.detach()
        return count


def plain_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula, for CSV."""
    text = _UNSAFE_IN_CSV.sub(escape_of, text)
    return f"'{text}" if text.lstrip(" \n").startswith(_FORMULA_STARTS) else text


def _form_of(output: Path | None) -> str:
    if output is not None:
        ending = output.suffix.lstrip(".").lower()
        return ending if ending in FORMS else "csv"
    return "table" if sys.stdout.isatty() else "jsonl"


@contextmanager
def _sink(form: str, output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        if form == "parquet" and sys.stdout.isatty():
            raise UsageError(
                "Parquet is not for a terminal", hint="name a file with -o FILE.parquet"
            )
        try:
            sys.stdout.flush()
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # Whoever read the data has what they wanted (`| head`).
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(ExitCode.DONE) from None
        return
    with whole_file(output) as file:
        yield file


@contextmanager
def whole_file(output: Path) -> Iterator[BinaryIO]:
    """Open a file that appears under its name only when the block ends well.

    Raises:
        UsageError: The file cannot be written.
    """
    aside = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(output)
    except OSError as error:
        raise UsageError(
            "the result cannot be written", where=f"{output}: {error.strerror}"
        ) from error
    finally:
        aside.unlink(missing_ok=True)


def _rows_of(piece: Any) -> Iterator[tuple[Any, ...]]:
    columns = [_values(column) for column in piece.columns]
    return zip(*columns, strict=True) if columns else iter(())


def _values(column: Any) -> list[Any]:
    values: list[Any] = column.to_pylist()
    return values


def _write_parquet(schema: Any, pieces: Iterable[Any], stream: BinaryIO) -> int:
    import pyarrow.parquet as pq

    count = 0
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for piece in pieces:
            count += piece.num_rows
            if hasattr(piece, "to_batches"):
                writer.write_table(piece)
            else:
                writer.write_batch(piece)
    return count


def _write_csv(text: io.TextIOBase, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([plain_cell(name) for name in names])
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the number of rows is the answer
        writer.writerow([_csv_cell(value) for value in row])
    return count


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal | date):
        return _words(value)
    return plain_cell(_words(value))


def _write_jsonl(text: io.TextIOBase, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the number of rows is the answer
        text.write(f"{to_json(dict(zip(names, row, strict=True)))}\n")
    return count


def _write_json(text: io.TextIOBase, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    count = 0
    text.write("[")
    for count, row in enumerate(rows, 1):
        text.write(",\n " if count > 1 else "\n ")
        text.write(to_json(dict(zip(names, row, strict=True))))
    text.write("\n]\n" if count else "]\n")
    return count


def _write_md(text: io.TextIOBase, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    text.write(f"| {' | '.join(_md_cell(name) for name in names)} |\n")
    text.write(f"|{'---|' * len(names)}\n")
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the number of rows is the answer
        text.write(f"| {' | '.join(_md_cell(value) for value in row)} |\n")
    return count


def _md_cell(value: Any) -> str:
    text = safe_line(_words(value)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()#+!|~])", r"\\\1", text)


def _write_text_table(
    text: io.TextIOBase, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> int:
    shown: list[list[str]] = []
    numeric = [True] * len(names)
    count = 0
    for count, row in enumerate(rows, 1):
        if count > _TABLE_ROWS_MAX:
            continue
        shown.append([_shortened(safe_line(_table_words(value))) for value in row])
        for position, value in enumerate(row):
            if value is not None and (
                isinstance(value, bool) or not isinstance(value, int | float | Decimal)
            ):
                numeric[position] = False
    head = [_shortened(safe_line(name)) for name in names]
    widths = [max(map(_width, cells)) for cells in zip(head, *shown, strict=True)]
    for cells in [head, ["─" * width for width in widths], *shown]:
        line = "  ".join(
            _padded(cell, width, right=right)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        )
        text.write(f"{line.rstrip()}\n")
    if count > _TABLE_ROWS_MAX:
        click.echo(
            f"{count - _TABLE_ROWS_MAX} more rows; write all with --format csv -o FILE", err=True
        )
    return count


def _shortened(text: str) -> str:
    return text if len(text) <= _CELL_WIDTH_MAX else f"{text[: _CELL_WIDTH_MAX - 1]}…"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _table_words(value: Any) -> str:
    """As `_words`, floats to six digits: more says nothing to a person."""
    return f"{value:.6g}" if isinstance(value, float) else _words(value)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping | list | bytes):
        return to_json(value)
    return str(value)


def to_json(value: Any) -> str:
    """JSON text of a value: decimals digit by digit, invisible characters as escapes."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{to_json(str(k))}: {to_json(v)}' for k, v in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(to_json, value))}]"
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, float):
        # NaN and the infinities are no JSON.
        return json.dumps(value) if math.isfinite(value) else "null"
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else "null"
    if isinstance(value, bytes):
        return json.dumps(value.hex())
    text = value.isoformat() if isinstance(value, datetime | date) else str(value)
    return _UNSAFE_IN_JSON.sub(_json_escape, json.dumps(text, ensure_ascii=False))


def _json_escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


_WRITERS = {
    "csv": _write_csv,
    "json": _write_json,
    "jsonl": _write_jsonl,
    "md": _write_md,
    "table": _write_text_table,
}
