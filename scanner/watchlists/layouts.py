"""Every layout that is read: how it is recognised and which function reads it.

A file is recognised by what it holds. Where several layouts of one list lie
together, the one that says more is taken: `richness` orders them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scanner import reference
from scanner.watchlists.entry import Reading
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.ofac_csv import layout as ofac_csv_layout
from scanner.watchlists.ofac_csv import reader as ofac_csv_reader


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout.

    Attributes:
        name: Such as ofac_csv.
        richness: Higher says more about the same list.
        recognise: Gives the list and the part that a file is, or None.
        read: Reads the parts of one list.
        has_parts: Whether a list comes in several files, so that one can be missing.
    """

    name: str
    richness: int
    recognise: Callable[[ListFile], tuple[str, str] | None]
    read: Callable[[str, Mapping[str, ListFile]], Reading]
    has_parts: bool = False


LAYOUTS = (Layout("ofac_csv", 1, ofac_csv_layout.recognise, ofac_csv_reader.read, has_parts=True),)


def recognise(file: ListFile) -> tuple[Layout, str, str] | None:
    """The layout, the list and the part of a file; None where no layout fits."""
    for layout in LAYOUTS:
        found = layout.recognise(file)
        if found:
            return layout, *found
    return None


def is_named_like_a_list(file: ListFile) -> bool:
    """Whether the publishers give this name to a list file."""
    name = file.name.lower()
    stem = name.split(".")[0]
    known = {row["file"] for row in reference.rows("list_sources")}
    return name in known or stem in {one.split(".")[0] for one in known}
