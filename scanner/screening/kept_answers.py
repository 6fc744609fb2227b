"""Answers of earlier screenings, kept by the listed names that they were given for.

```
folder/<state>.listed.arrow          the listed names, as keys
       <state>.names.000001.arrow    answers to names (texts alike), a part for each screening
       <state>.names.000001.hashes   64 bits of what was asked, row by row
```
`state` is a hash of the keys. The folder's name tells all else that an answer hangs on. It only
saves work: a file that is missing, cut or changed is as good as none. Files appear whole, hold
their own hash at the end, and are read by any number of processes; one process writes.

A screening adds what it was the first to ask and reads of the parts those alone that hold what it
asks, so that it costs the day's names and texts and not all that were ever seen.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from scanner.screening.index import Index

MOST_ROWS = 2_000_000
"""Answers of a kind that are kept for one state; those given first go."""
_MOST_STATES = 3
_MOST_PARTS = 100
_HASH_BYTES = 32
_LISTED = pa.schema([pa.field("key", pa.uint64())])
Integers = np.ndarray[Any, np.dtype[np.int64]]
Keys = np.ndarray[Any, np.dtype[np.uint64]]


@dataclass(frozen=True)
class _Part:
    """One file of answers beside the file of their hashes."""

    path: Path
    schema: pa.Schema

    @classmethod
    def all_of(cls, folder: Path, state: str, kind: str, schema: pa.Schema) -> "list[_Part]":
        """The parts of one kind for one state, the oldest first."""
        return [cls(path, schema) for path in sorted(folder.glob(f"{state}.{kind}.*.arrow"))]

    @cached_property
    def hashes(self) -> Keys:
        """64 bits of each value, in the order of the rows; none where they cannot be read."""
        held = _read_bytes(self.path.with_suffix(".hashes"))
        return np.frombuffer(held or b"", np.uint64)

    def rows(self) -> pa.Table:
        """The answers; none where they cannot be read, and then the part goes."""
        table = _read(self.path, self.schema)
        if table is None:
            with suppress(OSError):
                self.remove()
            return self.schema.empty_table()
        return table

    def write(self, rows: pa.Table) -> None:
        """Write rows and their hashes; the hashes first, so that no part stands without them."""
        _write_bytes(self.path.with_suffix(".hashes"), _hashes(rows["value"]).tobytes())
        _write(self.path, rows)

    def remove(self) -> None:
        """Remove both files."""
        self.path.unlink(missing_ok=True)
        self.path.with_suffix(".hashes").unlink(missing_ok=True)


@dataclass(frozen=True, eq=False)
class Kept:
    """Answers of one kind that were given for one state of the lists.

    Attributes:
        parts: Files of answers; their column `value` is what was asked.
        listed: The listed names then.
    """

    parts: Sequence[_Part]
    listed: pa.Table

    def rows_of(self, asked: pa.Array) -> pa.Table:
        """The answers to these values, as far as they are known."""
        return pa.concat_tables(self._rows_by_part(asked))

    def parts_of(self, asked: pa.Array, *, most: int) -> Iterator[pa.Table]:
        """As `rows_of`, a bounded number of rows at a time."""
        for rows in self._rows_by_part(asked):
            for start in range(0, len(rows), most):
                yield rows.slice(start, most)

    def _rows_by_part(self, asked: pa.Array) -> list[pa.Table]:
        wanted = np.unique(_hashes(asked))
        found = [self.parts[0].schema.empty_table()]
        for part in self.parts:
            if np.isin(part.hashes, wanted).any():
                rows = part.rows()
                rows = rows.filter(pc.is_in(rows["value"], value_set=asked))
                # A part whose hashes could not be read was written again.
                asked = asked.filter(pc.invert(pc.is_in(asked, value_set=rows["value"])))
                found.append(rows)
        return found

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
        parts = _Part.all_of(self._folder, state, kind, schema)
        return pa.concat_tables(part.rows() for part in parts) if parts else None

    def kept(self, kind: str, schema: pa.Schema) -> Iterator[Kept]:
        """Answers for the state of the index, then those for other states, the newest first."""
        for state in self._states():
            listed = _read(self._folder / f"{state}.listed.arrow", _LISTED)
            parts = _Part.all_of(self._folder, state, kind, schema)
            if listed is not None and parts:
                yield Kept(parts, listed)

    def keep(self, kind: str, rows: pa.Table) -> None:
        """Keep what is not kept for the same state yet."""
        parts = _Part.all_of(self._folder, self.state, kind, rows.schema)
        known = np.concatenate([np.empty(0, np.uint64), *(part.hashes for part in parts)])
        rows = rows.filter(pa.array(~np.isin(_hashes(rows["value"]), known)))
        # The disk may be full, the folder read-only: the screening itself goes on.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            listed = pa.table({"key": pa.array(self._index.keys)})
            _write(self._folder / f"{self.state}.listed.arrow", listed)
            if rows.num_rows or not parts:
                self._add(kind, parts, rows.slice(0, MOST_ROWS))
            self._forget_old()

    def _add(self, kind: str, parts: Sequence[_Part], rows: pa.Table) -> None:
        last = int(parts[-1].path.name.split(".")[-2]) if parts else 0
        new = _Part(self._folder / f"{self.state}.{kind}.{last + 1:06d}.arrow", rows.schema)
        gone: list[_Part] = []
        if len(parts) >= _MOST_PARTS:
            gone = [*parts]
            rows = pa.concat_tables([*(part.rows() for part in parts), rows])
            rows = rows.slice(max(0, len(rows) - MOST_ROWS))
        else:
            room = MOST_ROWS - rows.num_rows
            for part in reversed(parts):
                room -= len(part.hashes)
                if room < 0:
                    gone.append(part)
        new.write(rows)
        for part in gone:
            part.remove()

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


def _hashes(values: pa.Array | pa.ChunkedArray) -> Keys:
    """64 bits of each value; two alike by chance cost a look, or an answer that is not kept."""
    hashed = pl.Series(values=values, dtype=pl.String).hash(seed=14114)
    return hashed.to_numpy()


def _write(path: Path, table: pa.Table) -> None:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    _write_bytes(path, sink.getvalue())


def _write_bytes(path: Path, data: bytes | pa.Buffer) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with aside.open("wb") as file:
        file.write(data)
        file.write(hashlib.sha256(data).digest())
    aside.replace(path)


def _read(path: Path, schema: pa.Schema) -> pa.Table | None:
    held = _read_bytes(path)
    if held is None:
        return None
    table = pa.ipc.open_file(pa.py_buffer(held)).read_all()
    return table if table.schema.equals(schema) else None


def _read_bytes(path: Path) -> memoryview | None:
    """What a file holds before its hash; None where it is not whole."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    held = memoryview(data)[:-_HASH_BYTES]
    return held if hashlib.sha256(held).digest() == data[-_HASH_BYTES:] else None
