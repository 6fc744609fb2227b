"""Files in, rows of the canonical tables out; what cannot be read is rejected with its place.

`containers` cuts bytes into messages, `fin` and `mt` read SWIFT MT, `mx` reads
ISO 20022, `mapping` and `export_rows` read rows of other exports, `source` does it for
files. Nothing of a file vanishes: its messages
and its rejected pieces are counted against each other.
"""

from scanner.ingest.mapping import ExportMapping, read_mapping
from scanner.ingest.rows import Batch, SourceFacts
from scanner.ingest.source import find_sources, read_sources
from scanner.ingest.streams import Limits

__all__ = [
    "Batch",
    "ExportMapping",
    "Limits",
    "SourceFacts",
    "find_sources",
    "read_mapping",
    "read_sources",
]
