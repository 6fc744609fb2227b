"""The tables of a report as data, so that nobody has to copy numbers from a page."""

from decimal import Decimal

import pyarrow as pa

from scanner.report.document import Grid


def as_table(grid: Grid) -> pa.Table:
    """A report's table as Arrow, with the columns' keys as names.

    Decimals of one column may differ in scale where they were summed; they become
    the widest scale among them. A column of mixed kinds becomes text.
    """
    columns = {}
    for position, column in enumerate(grid.columns):
        columns[column.key] = _array([row[position] for row in grid.rows])
    return pa.table(columns)


def _array(values: list[object]) -> pa.Array:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, Decimal) for value in known):
        places = max(-int(v.as_tuple().exponent) for v in known if isinstance(v, Decimal))
        return pa.array(values, pa.decimal128(38, max(places, 0)))
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else str(value) for value in values], pa.string())
