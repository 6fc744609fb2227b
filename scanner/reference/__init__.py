"""Reference data: CSV files with their sources, read once.

Each file is listed in `SOURCES.csv` with publisher, date, how it was verified
and the least number of rows it must hold; a file that is not listed or is too
short is refused, so that a truncated table cannot pass as a quiet one.
"""

import csv
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from scanner.errors import IntegrityError

REFERENCE_DIR = Path(__file__).parent

Row = MappingProxyType[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Read one reference table.

    Args:
        name: File name without `.csv`.

    Returns:
        One read-only mapping per row; an empty cell is an empty string.

    Raises:
        IntegrityError: The file is missing, not listed in `SOURCES.csv`, or too short.
    """
    found = _read(REFERENCE_DIR / f"{name}.csv")
    least = _least_rows().get(f"{name}.csv")
    if least is None:
        raise IntegrityError("reference table is not listed in SOURCES.csv", where=name)
    if len(found) < least:
        raise IntegrityError(
            f"reference table has {len(found)} rows, expected at least {least}",
            where=f"{name}.csv",
            hint="reinstall the program",
        )
    return found


def table(name: str) -> pa.Table:
    """Read one reference table as Arrow, all columns as text, empty cells as null."""
    found = rows(name)
    columns = list(found[0]) if found else []
    return pa.table({c: pa.array([row[c] or None for row in found], pa.string()) for c in columns})


def names() -> tuple[str, ...]:
    """Names of all reference tables."""
    return tuple(sorted(file.removesuffix(".csv") for file in _least_rows()))


@cache
def _least_rows() -> dict[str, int]:
    return {row["file"]: int(row["min_rows"]) for row in _read(REFERENCE_DIR / "SOURCES.csv")}


def _read(path: Path) -> tuple[Row, ...]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(MappingProxyType(row) for row in csv.DictReader(file))
    except FileNotFoundError as error:
        raise IntegrityError("reference table is missing", where=str(path)) from error
