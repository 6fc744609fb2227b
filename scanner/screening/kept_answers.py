"""Answers of earlier screenings, kept by the listed names that they were given for.

```
folder/<state>.listed.arrow   the listed names, as keys
       <state>.names.arrow    answers to names       <state>.texts.arrow   answers to texts
```
`state` is a hash of the keys. The folder's name tells all else that an answer hangs on. It only
saves work: a file that is missing, cut or changed is as good as none. Files appear whole, hold
their own hash at the end, and are read by any number of processes; one process writes.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.screening.index import Index

MOST_ROWS = 2_000_000
"""Answers of a kind that are kept for one state; those asked for last stay."""
_MOST_STATES = 3
_HASH_BYTES = 32
_LISTED = pa.schema([pa.field("key", pa.uint64())])
Integers = np.ndarray[Any, np.dtype[np.int64]]
Keys = np.ndarray[Any, np.dtype[np.uint64]]


@dataclass(frozen=True, eq=False)
class Kept:
    """Answers of one kind that were given for one state of the lists.

    Attributes:
        rows: The answers; column `value` is what was asked.
        listed: The listed names then.
    """

    rows: pa.Table
    listed: pa.Table

    def rows_of(self, asked: pa.Array) -> pa.Table:
        """The answers to these values, as far as they are known."""
        places = pc.index_in(asked, value_set=self.rows["value"].combine_chunks())
        return self.rows.take(places.drop_null())

    def parts_of(self, asked: pa.Array, *, most: int) -> Iterator[pa.Table]:
        """As `rows_of`, a bounded number of rows at a time."""
        places = pc.index_in(asked, value_set=self.rows["value"].combine_chunks()).drop_null()
        for start in range(0, len(places), most):
            yield self.rows.take(places[start : start + most])

    def changed(self, index: Index) -> tuple[Keys, Integers]:
        """Keys of the listed names that have gone, and positions of those that came."""
        then = self.listed["key"].to_numpy()
        gone = np.setdiff1d(then, index.keys)
        come = np.flatnonzero(~np.isin(index.keys, then)).astype(np.int64)
        return gone, come


class AnswerStore:
    """The answers of one folder, as an index asks for them."""

    def __init__(self, folder: Path, index: Index) -> None:
        """Take the folder, which need not exist, and the index that is asked."""
        self._folder, self._index = folder, index

    @cached_property
    def state(self) -> str:
        """Names the listed names that the index has."""
        return hashlib.sha256(np.sort(self._index.keys).tobytes()).hexdigest()[:24]

    def of_state(self, kind: str, schema: pa.Schema, state: str) -> pa.Table | None:
        """The answers that were given for a state, as far as they are kept."""
        return _read(self._folder / f"{state}.{kind}.arrow", schema)

    def kept(self, kind: str, schema: pa.Schema) -> Iterator[Kept]:
        """Answers for the state of the index, then those for other states, the newest first."""
        for state in self._states():
            listed = _read(self._folder / f"{state}.listed.arrow", _LISTED)
            rows = _read(self._folder / f"{state}.{kind}.arrow", schema)
            if listed is not None and rows is not None:
                yield Kept(rows, listed)

    def keep(self, kind: str, rows: pa.Table) -> None:
        """Keep answers beside those for the same state that were not asked for this time."""
        path = self._folder / f"{self.state}.{kind}.arrow"
        before = _read(path, rows.schema)
        if before is not None:
            known = pc.is_in(before["value"], value_set=rows["value"].combine_chunks())
            rows = pa.concat_tables([rows, before.filter(pc.invert(known))])
        # The disk may be full, the folder read-only: the screening itself goes on.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            listed = pa.table({"key": pa.array(self._index.keys)})
            _write(self._folder / f"{self.state}.listed.arrow", listed)
            _write(path, rows.slice(0, MOST_ROWS))
            self._forget_old()

    def _states(self) -> list[str]:
        found = sorted(
            self._folder.glob("*.listed.arrow"), key=lambda path: -path.stat().st_mtime_ns
        )
        states = [path.name.partition(".")[0] for path in found]
        return sorted(states, key=lambda state: state != self.state)

    def _forget_old(self) -> None:
        for state in self._states()[_MOST_STATES:]:
            for path in self._folder.glob(f"{state}.*"):
                path.unlink()


def _write(path: Path, table: pa.Table) -> None:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    data = sink.getvalue()
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with aside.open("wb") as file:
        file.write(data)
        file.write(hashlib.sha256(data).digest())
    aside.replace(path)


def _read(path: Path, schema: pa.Schema) -> pa.Table | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    held = memoryview(data)[:-_HASH_BYTES]
    if hashlib.sha256(held).digest() != data[-_HASH_BYTES:]:
        return None
    table = pa.ipc.open_file(pa.py_buffer(held)).read_all()
    return table if table.schema.equals(schema) else None
