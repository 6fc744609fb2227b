"""Every layout that is read: how it is recognised and which function reads it.

A file is recognised by what it holds. Where several layouts of one list lie
together, the one that says more is taken: `richness` orders them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scanner import reference
from scanner.watchlists.entry import Reading
from scanner.watchlists.eu_fsf import layout as eu_fsf_layout
from scanner.watchlists.eu_fsf import reader as eu_fsf_reader
from scanner.watchlists.list_files import ListFile
from scanner.watchlists.ofac_advanced import layout as ofac_advanced_layout
from scanner.watchlists.ofac_advanced import reader as ofac_advanced_reader
from scanner.watchlists.ofac_csv import layout as ofac_csv_layout
from scanner.watchlists.ofac_csv import reader as ofac_csv_reader
from scanner.watchlists.ofac_xml import layout as ofac_xml_layout
from scanner.watchlists.ofac_xml import reader as ofac_xml_reader
from scanner.watchlists.opensanctions import layout as opensanctions_layout
from scanner.watchlists.opensanctions import reader as opensanctions_reader
from scanner.watchlists.own_list import layout as own_list_layout
from scanner.watchlists.own_list import reader as own_list_reader
from scanner.watchlists.uk_sl import layout as uk_sl_layout
from scanner.watchlists.uk_sl import reader as uk_sl_reader
from scanner.watchlists.un_sc import layout as un_sc_layout
from scanner.watchlists.un_sc import reader as un_sc_reader
from scanner.watchlists.us_csl import layout as us_csl_layout
from scanner.watchlists.us_csl import reader as us_csl_reader


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


LAYOUTS = (
    Layout("ofac_advanced", 3, ofac_advanced_layout.recognise, ofac_advanced_reader.read),
    Layout("ofac_xml", 2, ofac_xml_layout.recognise, ofac_xml_reader.read),
    Layout("ofac_csv", 1, ofac_csv_layout.recognise, ofac_csv_reader.read, has_parts=True),
    Layout("un_sc", 1, un_sc_layout.recognise, un_sc_reader.read),
    Layout("eu_fsf", 1, eu_fsf_layout.recognise, eu_fsf_reader.read),
    Layout("uk_sl", 1, uk_sl_layout.recognise, uk_sl_reader.read),
    Layout("us_csl", 1, us_csl_layout.recognise, us_csl_reader.read),
    Layout("opensanctions", 1, opensanctions_layout.recognise, opensanctions_reader.read),
    Layout("own_list", 1, own_list_layout.recognise, own_list_reader.read),
)


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
