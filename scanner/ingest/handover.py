"""Hands a batch from one process to another through a file that both map.

Through a pipe a batch is copied four times, which costs as much as reading it did.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

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


def put_down(batch: Batch, folder: Path) -> Parcel:
    """Write a batch into a folder that only this user may enter."""
    path = folder / f"{uuid4().hex}.arrows"
    with pa.OSFile(str(path), "wb") as sink:
        for name in _TABLES:
            table: pa.Table = getattr(batch, name)
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
    return Parcel(path, batch.excerpts)


def pick_up(parcel: Parcel) -> Batch:
    """Map a batch; its file has no name any more afterwards and goes with the batch."""
    source = pa.memory_map(str(parcel.path))
    tables = {}
    for name in _TABLES:
        with pa.ipc.open_stream(source) as reader:
            tables[name] = reader.read_all()
    with suppress(PermissionError):  # where a mapped file cannot lose its name, its folder does
        parcel.path.unlink()
    return Batch(**tables, excerpts=parcel.excerpts)
