"""Finds the listed name however it is written, and says why.

`index` prepares the lists once, `candidates` returns the few names worth
comparing, `comparison` measures each pair, `matcher` turns the measures into a
calibrated probability, `party_hits` and `text_hits` make hits of parties and of
free text, `codes` matches BICs and other identifiers, `calibration` shows what a
threshold costs and catches.
"""

from scanner.screening.calibration import calibration
from scanner.screening.index import Index, index_format, open_index, prepare
from scanner.screening.screen import screen
from scanner.screening.single import screen_names

__all__ = [
    "Index",
    "calibration",
    "index_format",
    "open_index",
    "prepare",
    "screen",
    "screen_names",
]
