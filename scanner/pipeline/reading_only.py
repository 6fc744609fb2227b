"""The first stage alone: files to canonical tables, without lists, workspace or scores.

For trying a mapping, counting an archive, and other programs that want the tables.
"""

import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from scanner import ingest
from scanner.errors import UsageError
from scanner.ingest import Batch, SourceFacts
from scanner.schema import TABLES

READ_TABLES = ("messages", "transactions", "parties", "texts", "rejected")


@dataclass
class ReadSummary:
    """What files held.

    Attributes:
        sources: Each file with its counts.
        types: Messages by type.
        reasons: Rejected pieces by file, code and reason; a few of each file are kept.
        repaired: Messages that were read only after a repair.
    """

    sources: list[SourceFacts] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    reasons: list[tuple[str, int, str, str]] = field(default_factory=list)
    repaired: int = 0

    @property
    def messages(self) -> int:
        """Messages of all files."""
        return sum(source.messages for source in self.sources)

    @property
    def transactions(self) -> int:
        """Transactions of all files."""
        return sum(source.transactions for source in self.sources)

    @property
    def rejected(self) -> int:
        """Rejected pieces of all files."""
        return sum(source.rejected for source in self.sources)


_REASONS_SHOWN = 20


def read_only(
    sources: Sequence[str], *, mapping: Path | None, into: Path | None, workers: int
) -> ReadSummary:
    """Read files and say what they hold.

    Args:
        sources: Files, folders or globs.
        mapping: Which files are exports of rows, and what their columns mean.
        into: New folder for one Parquet file a table; None writes nothing.
        workers: Processes that read.

    Raises:
        UsageError: No file, a mapping that does not fit, or the folder holds something.
    """
    told = ingest.read_mapping(mapping) if mapping else None
    paths = ingest.find_sources(sources)
    batches = ingest.read_sources(paths, workers=workers, mapping=told)
    summary = ReadSummary()
    if into is None:
        for batch in batches:
            _count(summary, batch)
        return summary
    if into.exists() and any(into.iterdir() if into.is_dir() else [into]):
        raise UsageError("the folder holds something", where=str(into), hint="name a new folder")
    staging = into.with_name(f".{into.name}.staging")
    if staging.exists():
        shutil.rmtree(staging)
    staging.mkdir(parents=True)
    try:
        with ExitStack() as stack:
            writers = {
                name: stack.enter_context(
                    pq.ParquetWriter(staging / f"{name}.parquet", TABLES[name].arrow_schema)
                )
                for name in READ_TABLES
            }
            for batch in batches:
                _count(summary, batch)
                for name, writer in writers.items():
                    table: pa.Table = getattr(batch, name)
                    writer.write_table(table)
        if into.exists():
            into.rmdir()
        staging.rename(into)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return summary


def _count(summary: ReadSummary, batch: Batch) -> None:
    summary.sources += batch.sources
    summary.types.update(batch.messages.column("message_type").to_pylist())
    summary.repaired += sum(map(bool, batch.messages.column("repaired").to_pylist()))
    left = _REASONS_SHOWN - len(summary.reasons)
    columns = ("source_file", "byte_offset", "reason_code", "reason")
    for row in batch.rejected.slice(0, max(left, 0)).select(columns).to_pylist():
        summary.reasons.append(tuple(row[name] for name in columns))
