"""Brings rows that were read all at once and rows that were read one by one into one order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scanner.ingest.rows import Batch, Rows

_TABLES = ("messages", "transactions", "parties", "texts")


@dataclass
class Gathering:
    """Rows of one batch; each has a key, the place of its message among all."""

    _rows: Rows = field(default_factory=Rows)
    _read: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict)
    _tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    _keys: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict)

    def add(self, key: int, rows: Rows) -> None:
        """Add rows of one piece."""
        for name in (*_TABLES, "rejected"):
            count = len(getattr(rows, name))
            self._read.setdefault(name, []).append(np.full(count, key, dtype=np.int64))
        self._rows.extend(rows)

    def add_tables(self, tables: dict[str, pa.Table], keys: dict[str, NDArray[np.int64]]) -> None:
        """Add rows of many messages, in ascending order of their keys."""
        for name, table in tables.items():
            self._tables.setdefault(name, []).append(table)
            self._keys.setdefault(name, []).append(keys[name])

    def batch(self) -> Batch:
        """All rows in the order of their keys."""
        batch = self._rows.batch()
        merged = {name: self._merged(name, getattr(batch, name)) for name in _TABLES}
        return Batch(**merged, rejected=batch.rejected, excerpts=batch.excerpts)

    def keys(self, name: str) -> NDArray[np.int64]:
        """Keys of a table's rows, in no order."""
        found = [*self._keys.get(name, []), *self._read.get(name, [])]
        return np.concatenate([*found, np.empty(0, dtype=np.int64)])

    def _merged(self, name: str, read: pa.Table) -> pa.Table:
        tables = [*self._tables.get(name, []), *([read] if len(read) else [])]
        if not tables:
            return read
        keys, table = self.keys(name), pa.concat_tables(tables)
        if np.all(keys[1:] >= keys[:-1]):
            return table
        return table.combine_chunks().take(pa.array(np.argsort(keys, kind="stable")))


def key_of(portion: int, offset: int) -> int:
    """Key of a message by the place of its portion in the batch and its place in the file."""
    return portion << _OFFSET_BITS | offset


def portions_of(keys: NDArray[np.int64], count: int) -> Sequence[int]:
    """How many of the rows each portion has."""
    counts: list[int] = np.bincount(keys >> _OFFSET_BITS, minlength=count).tolist()
    return counts


_OFFSET_BITS = 40  # a file is smaller than a terabyte
