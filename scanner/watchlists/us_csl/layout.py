"""The layout of the Consolidated Screening List.

CSV: 29 columns with a header, several values of a cell joined with `; `.
JSON: `results`, a list of objects with the same names and real lists.
Source: https://www.trade.gov/consolidated-screening-list; counted in a real file.
"""

import re

from scanner.watchlists.list_files import ListFile

LIST = "US-CSL"
CSV_PART, JSON_PART = "list", "list_json"
ENCODING = "utf-8"
NEEDED = ("source", "entity_number", "type", "programs", "name", "addresses", "alt_names", "ids")
SEPARATOR = ";"
_SOURCE_CODE = re.compile(r"\(([A-Z][A-Z-]{1,8})(?: List)?\)")
_CODES = {"NS-MBS": "MBS"}
_WORDS = (
    ("capta", "CAP"),
    ("entity list", "EL"),
    ("military end user", "MEU"),
    ("uyghur", "UFLPA"),
    ("forced labor", "UFLPA"),
    ("specially designated", "SDN"),
    ("sectoral", "SSI"),
    ("menu-based", "MBS"),
    ("unverified", "UVL"),
    ("denied persons", "DPL"),
)


def source_code(source: str) -> str:
    """Short code of a source: `Entity List (EL) - Bureau of Industry and Security` is EL."""
    found = _SOURCE_CODE.search(source)
    if found:
        return _CODES.get(found[1], found[1])
    lowered = source.lower()
    return next((code for word, code in _WORDS if word in lowered), "OTHER")


def recognise(file: ListFile) -> tuple[str, str] | None:
    """Say whether a file is the list, as CSV or as JSON."""
    head = file.data[:4000].removeprefix(b"\xef\xbb\xbf").lstrip()
    first = head.split(b"\n", 1)[0].decode("utf-8", errors="replace").strip().lower()
    columns = {cell.strip().strip('"') for cell in first.split(",")}
    if columns.issuperset(NEEDED):
        return LIST, CSV_PART
    if head.startswith(b"{") and b'"results"' in head and b'"source"' in head:
        return LIST, JSON_PART
    return None
