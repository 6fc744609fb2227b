"""A report as values: sections of facts, tables, figures, evidence and notes.

Pure. Each kind of report builds one `Report`; `page` makes HTML of it and `twins`
writes its tables as CSV and Parquet, so that a page and its data never differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from markupsafe import Markup

from scanner.report.explanation import Explanation

Kind = Literal["text", "code", "count", "number", "money", "share", "score", "date", "band"]

Cells = list[list[str | list[Any]]]
"""Rows of cells: text, or text with the value to sort by where both differ."""

_RIGHT = frozenset({"count", "number", "money", "share", "score"})


@dataclass(frozen=True)
class Column:
    """One column of a table: its key in the data, its label for people, how it is shown."""

    key: str
    label: str
    kind: Kind = "text"

    @property
    def is_right(self) -> bool:
        """Whether its values stand at the right edge, digit under digit."""
        return self.kind in _RIGHT


@dataclass(frozen=True)
class Grid:
    """A table that can be sorted and filtered; `name` is also the name of its twins."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""

    @classmethod
    def of(
        cls,
        name: str,
        caption: str,
        columns: Sequence[Column],
        records: Sequence[Mapping[str, Any]],
        note: str = "",
    ) -> "Grid":
        """Take the columns' values out of records."""
        rows = tuple(tuple(record[column.key] for column in columns) for record in records)
        return cls(name, caption, tuple(columns), rows, note)

    def cells(self) -> Cells:
        """What a page shows."""
        kinds = [column.kind for column in self.columns]
        return [
            [
                value if value.__class__ is str else _cell(value, kind)
                for value, kind in zip(row, kinds, strict=True)
            ]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Figure:
    """A drawing with words that say the same; the table beside it is its fallback."""

    svg: Markup
    caption: str
    grid: Grid | None = None


@dataclass(frozen=True)
class Facts:
    """Labels with values."""

    rows: tuple[tuple[str, str], ...]
    is_headline: bool = False


@dataclass(frozen=True)
class Note:
    """A sentence that the reader must not miss."""

    words: str
    is_warning: bool = False


@dataclass(frozen=True)
class Evidence:
    """One explained payment."""

    explanation: Explanation


Block = Grid | Figure | Facts | Note | Evidence


@dataclass(frozen=True)
class Section:
    """A titled part of a report."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    lead: str = ""


@dataclass(frozen=True)
class Report:
    """One report."""

    kind: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = field(default_factory=tuple)

    def grids(self) -> list[Grid]:
        """All tables, those beside figures too."""
        blocks = [block for section in self.sections for block in section.blocks]
        grids = [b for b in blocks if isinstance(b, Grid)]
        return grids + [b.grid for b in blocks if isinstance(b, Figure) and b.grid is not None]


def shown(value: Any, kind: Kind = "text") -> str:
    """A value for people."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return _number(value, kind)
    return str(value)


def _number(value: float | Decimal, kind: Kind) -> str:
    if kind == "money":
        return f"{value:,.0f}"
    if kind == "share":
        return f"{value:.1%}"
    if kind == "score":
        return f"{value:.3f}"
    if kind == "count" or isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}"


def _cell(value: Any, kind: Kind) -> str | list[Any]:
    text = shown(value, kind)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return [text, float(value)]
    return text
