"""The layout of OFAC's CSV files: no header, told apart by columns and content.

Source: OFAC, "Specially Designated Nationals List data file specifications";
counted in the real files. Windows-1252, CRLF, a last line with a lone Ctrl-Z,
null as `-0- ` without quotes, several programs in one cell as `A] [B`.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.errors import IntegrityError
from scanner.watchlists.list_files import ListFile

PRIMARY, ALTERNATE, ADDRESS, COMMENTS = "primary", "alternate", "address", "comments"
COLUMNS = {PRIMARY: 12, ALTERNATE: 5, ADDRESS: 6, COMMENTS: 2}
REMARK_LIMIT = 1000
NULL = "-0-"
ENCODING = "cp1252"
SDN, CONS = "OFAC-SDN", "OFAC-CONS"

_NUMBER = re.compile(r"[0-9]{1,9}")
_ALIAS_TYPES = frozenset({"aka", "fka", "nka", "a.k.a.", "f.k.a.", "n.k.a."})
_TYPES = frozenset({"individual", "entity", "vessel", "aircraft", NULL, ""})
_LINES_LOOKED_AT = 5
_CONS_ONLY = re.compile(r'"(?:NS-PLC|561-Related|CMIC-EO13959|[^"]*\bCAPTA)"')
_FILE_NAMES = (
    (re.compile(r"(?:(?:sdn|cons)[_.-]?)?comments?(?:[^a-z]|$)"), COMMENTS),
    (re.compile(r"(?:(?:sdn|cons)[_.-]?)?alt(?:[^a-z]|$)"), ALTERNATE),
    (re.compile(r"(?:(?:sdn|cons)[_.-]?)?add(?:[^a-z]|$)"), ADDRESS),
    (re.compile(r"(?:sdn|cons)(?:[_.-]?prim)?(?:[^a-z]|$)"), PRIMARY),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its place, from 1, and its cells without nulls and outer spaces."""

    place: int
    cells: tuple[str | None, ...]


def part_by_name(stem: str) -> str | None:
    """The part that a file name stands for: `sdn.2024-05-03.csv` is primary."""
    lowered = stem.lower()
    if not lowered.endswith((".csv", ".del", ".txt")):
        return None
    return next((part for pattern, part in _FILE_NAMES if pattern.match(lowered)), None)


def part_by_content(text: str) -> str | None:
    """The part that the first rows show, or None where the layout is another."""
    rows = []
    reader = csv.reader(io.StringIO(text[:20_000], newline=""))
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == _LINES_LOOKED_AT:
                break
    except csv.Error:
        return None
    rows = [row for row in rows if row and row != ["\x1a"]]
    if not rows or not all(_NUMBER.fullmatch(row[0].strip()) for row in rows):
        return None
    shown = {_part_of(row) for row in rows}
    return shown.pop() if len(shown) == 1 else None


def _part_of(row: list[str]) -> str | None:
    cells = [cell.strip().lower() for cell in row]
    if len(cells) == COLUMNS[PRIMARY] and cells[2] in _TYPES:
        return PRIMARY
    if len(cells) == COLUMNS[ALTERNATE] and cells[2] in _ALIAS_TYPES:
        return ALTERNATE
    if len(cells) == COLUMNS[ADDRESS] and _NUMBER.fullmatch(cells[1]):
        return ADDRESS
    if len(cells) == COLUMNS[COMMENTS]:
        return COMMENTS
    return None


def rows_of(text: str, part: str, *, file: str) -> Iterator[Row | tuple[int, str]]:
    """Yield the rows of a file; a row of a wrong shape comes as its place and the reason.

    Raises:
        IntegrityError: The file ends inside a row, or a quote that never closes swallows it.
    """
    body = text.rstrip("\x1a\r\n")
    width = COLUMNS[part]
    place = 0
    last: list[str] = []
    try:
        for place, cells in enumerate(csv.reader(io.StringIO(body, newline="")), 1):
            last = cells
            if len(cells) != width:
                yield place, f"{len(cells)} columns instead of {width}"
            elif not _NUMBER.fullmatch(cells[0].strip()):
                yield place, "the entry's number is not a number"
            else:
                yield Row(place, tuple(map(_clean, cells)))
    except csv.Error as error:
        raise IntegrityError(
            "the list file cannot be read as CSV", where=f"{file}: row {place + 1}: {error}"
        ) from error
    if place and not _is_whole(body, last, width, ended=len(body) < len(text)):
        raise IntegrityError(
            "the list file ends inside a row: it was cut off or is still being written",
            where=f"{file}: row {place}",
            hint="fetch the file again",
        )


def _clean(cell: str) -> str | None:
    value = cell.strip()
    return None if value in (NULL, "") else value


def _is_whole(body: str, last: list[str], width: int, *, ended: bool) -> bool:
    if len(last) != width:
        return False
    # An open quote swallows the end of the file; then the text does not end in one.
    ending = body[body.rfind("\n") + 1 :]
    if ending.count('"') % 2:
        return False
    if ended:
        return True
    return ending.endswith('"') or (last[-1].strip() == NULL and last[-1].endswith(" "))


def recognise(file: ListFile) -> tuple[str, str] | None:
    """Say which list and part a file is, by its first rows and, between SDN and CONS, its name.

    Returns:
        The list's name and the part; None where the layout is another, or where name and
        content disagree, as in a file that was cut off in its first row.
    """
    text = file.data[:20_000].decode(ENCODING, errors="replace")
    part = part_by_content(text)
    if part is None or part_by_name(file.name) not in (None, part):
        return None
    lowered = file.name.lower()
    if "cons" in lowered or "non-sdn" in lowered or "nonsdn" in lowered:
        return CONS, part
    if part == PRIMARY and not lowered.startswith("sdn") and _CONS_ONLY.search(text):
        return CONS, part
    return SDN, part
