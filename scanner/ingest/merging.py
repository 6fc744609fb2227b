"""Brings rows that were read all at once and rows that were read one by one into one order."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scanner.ingest.rows import Batch, Rows


def in_order(
    tables: Mapping[str, pa.Table],
    offsets: Mapping[str, NDArray[np.int64]],
    read: Sequence[tuple[int, Rows]],
) -> Batch:
    """One batch in the order of the file.

    Args:
        tables: Rows by table.
        offsets: Offset in the file that each of these rows is ordered by.
        read: Offset and rows of each piece that was read by itself, in their order.
    """
    gathered = Rows()
    for _, rows in read:
        gathered.extend(rows)
    batch = gathered.batch()
    if not tables:
        return batch
    merged: dict[str, pa.Table] = {"rejected": batch.rejected}
    for name, table in tables.items():
        further = getattr(batch, name)
        if not len(further):
            merged[name] = table
            continue
        counts = [len(getattr(rows, name)) for _, rows in read]
        places = np.repeat(np.array([offset for offset, _ in read], dtype=np.int64), counts)
        order = np.argsort(np.concatenate((offsets[name], places)), kind="stable")
        both = pa.concat_tables([table, further]).combine_chunks()
        merged[name] = both.take(pa.array(order))
    return Batch(**merged, excerpts=batch.excerpts)


def joined(batches: Sequence[Batch]) -> Batch:
    """Batches one behind the other."""
    if len(batches) == 1:
        return batches[0]
    names = ("messages", "transactions", "parties", "texts", "rejected")
    excerpts = {key: raw for batch in batches for key, raw in batch.excerpts.items()}
    return Batch(
        **{name: pa.concat_tables([getattr(b, name) for b in batches]) for name in names},
        excerpts=excerpts,
    )
