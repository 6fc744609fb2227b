"""Names of firms and persons as text: folded to Latin, split, freed of their legal forms.

`folding` turns any script into plain upper-case Latin and keeps where each
character came from, `sound` gives spellings of one name the same key,
`legal_forms` knows what says nothing about who a firm is, and `parsing` puts
them together. Pure: no files but the reference tables, no clock.
"""

from scanner.names.parsing import ParsedName, name_key, parse_name

__all__ = ["ParsedName", "name_key", "parse_name"]
