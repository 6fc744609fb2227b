"""Finds the listed name however it is written, and says why.

`index` prepares the lists once, with the rarity of words that a `basis` tells;
`candidates` returns the few names worth comparing, `comparison` measures each
pair, `matcher` turns the measures into a calibrated probability, `screen` makes
hits of parties and of free text (`text_hits`), `codes` matches BICs and other
identifiers, `calibration` shows what a threshold costs and catches.
"""

from scanner.screening.basis import Basis, read_basis, write_basis
from scanner.screening.calibration import calibration
from scanner.screening.changes import (
    Changes,
    accounts_of,
    changed_codes,
    changes_since,
    names_kept_of,
)
from scanner.screening.code_hash import code_hash
from scanner.screening.index import Index, index_format, open_index
from scanner.screening.index_preparation import basis_of, basis_of_firms, prepare
from scanner.screening.screen import address_rows, screen
from scanner.screening.single import screen_names

__all__ = [
    "Basis",
    "Changes",
    "Index",
    "accounts_of",
    "address_rows",
    "basis_of",
    "basis_of_firms",
    "calibration",
    "changed_codes",
    "changes_since",
    "code_hash",
    "index_format",
    "names_kept_of",
    "open_index",
    "prepare",
    "read_basis",
    "screen",
    "screen_names",
    "write_basis",
]
