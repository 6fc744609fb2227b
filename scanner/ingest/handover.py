"""Hands batches from one process to another through files that both map.

Through a pipe a batch is copied four times, which costs as much as reading it did. A file
is written over once the batch that it held is gone: its memory is there already, and new
memory costs twice as much as the copying.
"""

import mmap
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from scanner.ingest.rows import Batch

_TABLES = ("messages", "transactions", "parties", "texts", "rejected")


@dataclass(frozen=True)
class Parcel:
    """A batch that waits in a file.

    Attributes:
        path: The file, one Arrow stream for each table.
        excerpts: Raw bytes of what was rejected.
    """

    path: Path
    excerpts: Mapping[str, bytes]


def put_down(batch: Batch, path: Path) -> Parcel:
    """Write a batch over what a file held; the folder is one that only this user may enter."""
    path.touch()
    # Unbuffered and not cut off: pages that are there are written over.
    with path.open("r+b", buffering=0) as file, pa.PythonFile(file, mode="w") as sink:
        for name in _TABLES:
            table: pa.Table = getattr(batch, name)
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
    return Parcel(path, batch.excerpts)


class Shelf:
    """Files of a folder in which batches are handed over; knows which are free.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._free: list[Path] = []
        self._count = 0

    def place(self) -> Path:
        """A file that holds no batch that anyone has."""
        if self._free:
            return self._free.pop()
        self._count += 1
        return self._folder / f"{self._count}.arrows"

    def pick_up(self, parcel: Parcel) -> Batch:
        """Map a batch; its file is free once nothing of the batch is used any more."""
        with parcel.path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # Every array of the batch is a slice of the mapping and holds it.
        weakref.finalize(mapped, self._free.append, parcel.path).atexit = False
        source = pa.BufferReader(pa.py_buffer(mapped))
        tables = {}
        for name in _TABLES:
            with pa.ipc.open_stream(source) as reader:
                tables[name] = reader.read_all()
        return Batch(**tables, excerpts=parcel.excerpts)
