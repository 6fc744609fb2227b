"""The files of a prepared index: whole Arrow tables, mapped into memory when read."""

from pathlib import Path

import pyarrow as pa


def write_arrow(path: Path, table: pa.Table) -> None:
    """Write a table into a file of its own."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_arrow(path: Path) -> pa.Table:
    """Read a table; its columns stay in the file until they are looked at."""
    with pa.memory_map(str(path), "r") as source:
        return pa.ipc.open_file(source).read_all()
