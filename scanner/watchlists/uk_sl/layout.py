"""The layout of the UK's lists: a row with the date, a row with the header, several rows per entry.

UK Sanctions List: key `Unique ID`; the only official list since 2026-01-28.
ConList.csv: key `Group ID`; OFSI's consolidated list until then.
Source: https://sanctionslist.fcdo.gov.uk; read in its description, no file was at hand.
"""

import re
from dataclasses import dataclass
from datetime import date

from scanner.watchlists.entry_draft import iso_date
from scanner.watchlists.list_files import ListFile

LIST = "UK-SL"
ENCODING = "utf-8"
NO_FREEZE = "no asset freeze"


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns in one of the two layouts, in lower case."""

    key: str
    entry_type: str
    regime: str
    name_type: str
    strength: str
    listed_on: str
    country: str
    post_code: str
    birth: str
    nationality: str
    passport: str
    national_id: str
    other: str


SANCTIONS_LIST = Columns(
    key="unique id",
    entry_type="designation type",
    regime="regime name",
    name_type="name type",
    strength="alias strength",
    listed_on="date designated",
    country="address country",
    post_code="address postal code",
    birth="d.o.b",
    nationality="nationality(/ies)",
    passport="passport number",
    national_id="national identifier number",
    other="other information",
)
CONSOLIDATED = Columns(
    key="group id",
    entry_type="group type",
    regime="regime",
    name_type="alias type",
    strength="alias quality",
    listed_on="listed on",
    country="country",
    post_code="post/zip code",
    birth="dob",
    nationality="nationality",
    passport="passport number",
    national_id="national identification number",
    other="other information",
)
PARTS = {"list": SANCTIONS_LIST, "consolidated": CONSOLIDATED}
ADDRESS_LINES = tuple(
    f"{prefix}{n}" for prefix in ("address line ", "address ") for n in range(1, 7)
)
# Name 6 is the surname, or the whole name of an entity or ship.
NAME_PARTS = ("name 1", "name 2", "name 3", "name 4", "name 5", "name 6")
_DATE = re.compile(r"(\d{1,2})[-/ ](\w{3,9}|\d{1,2})[-/ ](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def column_name(text: str) -> str:
    """A header cell as the columns above are written: `Type of entity (x)` keeps its brackets."""
    plain = " ".join(text.replace("\xa0", " ").split()).lower()
    return "designation type" if plain.startswith("designation type") else plain


def any_date(text: str | None) -> date | None:
    """A date as the lists write it: 28-Jan-2026, 28/01/2026 or 2026-01-28."""
    value = (text or "").strip()
    found = _DATE.search(value)
    if not found:
        return iso_date(value)
    day, month, year = found.groups()
    number = int(month) if month.isdecimal() else _month(month)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _month(word: str) -> int:
    short = word[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def recognise(file: ListFile) -> tuple[str, str] | None:
    """Say whether a file is one of the UK's lists, by the header in its first three rows."""
    head = file.data[:6000].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lower()
    lines = head.splitlines()[:3]
    for line in lines:
        if "name 6" in line and "name 1" in line:
            if "unique id" in line:
                return LIST, "list"
            if "group id" in line:
                return LIST, "consolidated"
    return None
