"""What an answer of a screening hangs on besides names and lists: the program and its tables."""

import hashlib
from functools import cache
from pathlib import Path

from scanner import __version__, names, reference
from scanner.screening.index import index_format
from scanner.screening.matcher import matcher_tables

_TABLES = (
    "generic_words", "legal_forms", "common_words", "address_words", "large_cities", "countries",
    "trade_words", "person_names",
)  # fmt: skip


@cache
def code_hash() -> str:
    """Hash of the code of the rooms `screening` and `names`, their tables and the matcher."""
    seen = hashlib.sha256(f"{__version__} {index_format()}".encode())
    folders = (Path(__file__).parent, Path(names.__file__).parent)
    for path in sorted(path for folder in folders for path in folder.glob("*.py")):
        seen.update(path.read_bytes())
    for table in _TABLES:
        seen.update(repr([tuple(row.values()) for row in reference.rows(table)]).encode())
    seen.update(matcher_tables().to_json().encode())
    return seen.hexdigest()
