"""Monthly trade by corridor and tariff code, as central banks and customs publish it.

The file is a CSV with the columns reporter, partner, hs_code, month, value_usd:
the reporter's exports to the partner. Mirror statistics may be given instead,
with reporter and partner exchanged by whoever prepares the file.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from scanner.errors import UsageError

TRADE_SCHEMA = pa.schema(
    [
        pa.field("reporter", pa.string()),
        pa.field("partner", pa.string()),
        pa.field("hs_code", pa.string()),
        pa.field("month", pa.date32()),
        pa.field("value_usd", pa.float64()),
    ]
)
_MONTH = re.compile(r"(\d{4})-?(0[1-9]|1[0-2])(?:-?\d{2})?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NAMED_AT_ONCE = 10


def read_trade_csv(path: Path) -> pa.Table:
    """Read trade statistics.

    Args:
        path: UTF-8 CSV with a header.

    Returns:
        Rows of `trade_baselines`; value in US dollars, month as its first day.

    Raises:
        UsageError: A column is missing, or rows cannot be read; the first ten are named.
    """
    rows: list[dict[str, object]] = []
    wrong: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(TRADE_SCHEMA.names) - set(reader.fieldnames or ())
            if missing:
                raise UsageError(
                    f"the trade file lacks the column {', '.join(sorted(missing))}",
                    where=str(path),
                    hint=f"columns: {', '.join(TRADE_SCHEMA.names)}",
                )
            for number, row in enumerate(reader, start=2):
                faults = list(_faults(row))
                wrong += [f"line {number}: {fault}" for fault in faults]
                if not faults:
                    rows.append(_row(row))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            "the trade file cannot be read", where=f"{path}: {error}", hint="give a UTF-8 CSV"
        ) from error
    if wrong:
        raise UsageError(
            "rows of the trade file cannot be read",
            where="\n".join([str(path), *wrong[:_NAMED_AT_ONCE]]),
            hint="correct the file; nothing of it was used",
        )
    return pa.Table.from_pylist(rows, TRADE_SCHEMA)


def _faults(row: Mapping[str, str | None]) -> Iterator[str]:
    for name in ("reporter", "partner"):
        if not _COUNTRY.fullmatch(row[name] or ""):
            yield f"{name} is not an ISO 3166 alpha-2 code"
    if not re.fullmatch(r"\d{6,10}", row["hs_code"] or ""):
        yield "hs_code needs six to ten digits"
    if not _MONTH.fullmatch(row["month"] or ""):
        yield "month is not YYYY-MM"
    if not re.fullmatch(r"\d+(\.\d+)?", row["value_usd"] or ""):
        yield "value_usd is not a number"


def _row(row: Mapping[str, str | None]) -> dict[str, object]:
    month = _MONTH.fullmatch(row["month"] or "")
    assert month is not None
    return {
        "reporter": row["reporter"],
        "partner": row["partner"],
        "hs_code": row["hs_code"],
        "month": date(int(month[1]), int(month[2]), 1),
        "value_usd": float(row["value_usd"] or 0),
    }
