"""The bank's own CSV files: who owns whom, and its customers.

A bad row is never passed over: the file is refused and the rows are named,
many at once, so that a person can repair them in one go.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa

from scanner.errors import UsageError
from scanner.places import country_of_name
from scanner.schema import TABLES

_MOST_NAMED = 20
_ENTRY = re.compile(r"[A-Z][A-Z0-9-]*:\S+")
_Reader = Callable[[str], Any]


class _BadCellError(ValueError):
    """A cell cannot be used; the message says why."""


def read_ownership_csv(path: Path) -> pa.Table:
    """Read dated shares: who holds how much of whom.

    Columns: owner_name, owner_entry, owned_name, owned_country, share_percent,
    valid_from, valid_to. Only owner_name, owned_name and share_percent must be
    there; dates are YYYY-MM-DD.

    Raises:
        UsageError: The file cannot be read, or rows are wrong; they are named.
    """
    readers: dict[str, _Reader] = {
        "owner_name": _required,
        "owner_entry": _entry,
        "owned_name": _required,
        "owned_country": _country,
        "owned_entry": _entry,
        "share_percent": _percent,
        "valid_from": _date,
        "valid_to": _date,
    }
    rows = _rows(path, readers, ("owner_name", "owned_name", "share_percent"), _ends_after_start)
    return pa.Table.from_pylist(
        [{**row, "source": path.name} for row in rows], schema=TABLES["ownership"].arrow_schema
    )


def read_customers_csv(path: Path) -> pa.Table:
    """Read the bank's customers.

    Columns: customer_id, account, name, country, incorporated_on, industry.
    Only customer_id and name must be there.

    Raises:
        UsageError: The file cannot be read, or rows are wrong; they are named.
    """
    readers: dict[str, _Reader] = {
        "customer_id": _required,
        "account": _optional,
        "name": _required,
        "country": _country,
        "incorporated_on": _date,
        "industry": _optional,
    }
    rows = _rows(path, readers, ("customer_id", "name"), lambda _: None)
    return pa.Table.from_pylist(rows, schema=TABLES["customers"].arrow_schema)


def _rows(
    path: Path,
    readers: Mapping[str, _Reader],
    needed: tuple[str, ...],
    check: Callable[[Mapping[str, Any]], tuple[str, str] | None],
) -> list[dict[str, Any]]:
    faults: list[str] = []
    made: list[dict[str, Any]] = []
    for line, cells in _records(path, tuple(readers), needed):
        if isinstance(cells, str):
            faults.append(f"line {line}: {cells}")
            continue
        row: dict[str, Any] = {}
        for column, read in readers.items():
            try:
                row[column] = read((cells.get(column) or "").strip())
            except _BadCellError as error:
                faults.append(f"line {line}, {column}: {error}")
        if len(row) == len(readers):
            wrong = check(row)
            if wrong:
                faults.append(f"line {line}, {wrong[0]}: {wrong[1]}")
        made.append(row)
    if faults:
        shown = faults[:_MOST_NAMED]
        more = len(faults) - len(shown)
        raise UsageError(
            f"{len(faults)} cells or rows of a file cannot be used",
            where="\n".join([str(path), *shown, *([f"and {more} more"] if more else [])]),
            hint="repair the rows; none of the file was used",
        )
    return made


def _records(
    path: Path, columns: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str] | str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError("a file cannot be read", where=f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            "a file is not UTF-8", where=f"{path}: byte {error.start}", hint="save it as UTF-8"
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        missing = [column for column in needed if column not in header]
        if missing:
            raise UsageError(
                f"a file lacks the column {', '.join(missing)}",
                where=f"{path}: line 1",
                hint=f"columns are {', '.join(columns)}",
            )
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                yield reader.line_num, f"{len(cells)} cells instead of {len(header)}"
            else:
                yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise UsageError(
            "a file cannot be read as CSV", where=f"{path}: line {reader.line_num}: {error}"
        ) from error


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _required(text: str) -> str:
    if not text:
        raise _BadCellError("is empty")
    return text


def _optional(text: str) -> str | None:
    return text or None


def _entry(text: str) -> str | None:
    if text and not _ENTRY.fullmatch(text):
        raise _BadCellError(f"{text!r} is not a list and a number like OFAC-SDN:1234")
    return text or None


def _country(text: str) -> str | None:
    if not text:
        return None
    country = country_of_name(text)
    if country is None:
        raise _BadCellError(f"{text!r} is not a country")
    return country


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _BadCellError(f"{text!r} is not a date like 2024-05-03") from error


def _percent(text: str) -> float:
    try:
        share = Decimal(text.removesuffix("%").strip().replace(",", "."))
    except InvalidOperation as error:
        raise _BadCellError(f"{text!r} is not a number") from error
    if not share.is_finite() or not 0 <= share <= 100:
        raise _BadCellError(f"{text!r} is not between 0 and 100")
    return float(share)


def _ends_after_start(row: Mapping[str, Any]) -> tuple[str, str] | None:
    if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
        return "valid_to", "is before valid_from"
    return None
