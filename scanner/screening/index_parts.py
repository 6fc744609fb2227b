"""Parts of prepared indices put together: what stands in an earlier one, and what is new.

A part is what is made of names by themselves, one after the other. What the parts make together
is what the names would make at once, so that an index of changed lists costs what has changed.
Pure: tables and arrays in and out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

Integers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class MatrixPart:
    """Features by names.

    Attributes:
        features: Columns `feature`, in order, `weight` and `is_common`: each that a name has.
        values: Features by names.
    """

    features: pa.Table
    values: sparse.csr_matrix


@dataclass(frozen=True)
class UnitsPart:
    """The units of names.

    Attributes:
        table: Distinct units with what comparing them needs, in the order in which names have them.
        starts: Where each name's units begin; one more than names.
        ids: The unit at each place.
        masks: Bits of the name's words that the unit covers.
    """

    table: pa.Table
    starts: Integers
    ids: Integers
    masks: Integers


def joined_tables(earlier: pa.Table, new: pa.Table, order: Integers) -> pa.Table:
    """Rows of two tables in an order: places in the first, then in the second."""
    return pa.concat_tables([earlier, new]).combine_chunks().take(pa.array(order))


def joined_matrices(earlier: MatrixPart, new: MatrixPart, order: Integers) -> MatrixPart:
    """The matrix of names of two parts; a feature that none of them has any more is left out."""
    features = pa.concat_tables([earlier.features, new.features]).combine_chunks()
    texts = features["feature"].to_pylist()
    known = sorted(set(texts))
    place = {text: i for i, text in enumerate(known)}
    row = np.array([place[text] for text in texts], np.int32)
    rows = np.split(row, [earlier.features.num_rows])
    columns = [
        _with_rows(part.values.tocsc(), of_part, len(known))
        for part, of_part in zip((earlier, new), rows, strict=True)
    ]
    both = sparse.hstack(columns, format="csc")[:, order].tocsr()
    both.sort_indices()
    held = np.flatnonzero(np.diff(both.indptr))
    first = np.zeros(len(known), np.int64)
    first[row[::-1]] = np.arange(len(row))[::-1]
    return MatrixPart(features.take(pa.array(first[held])), both[held])


def _with_rows(columns: sparse.csc_matrix, rows: Any, count: int) -> sparse.csc_matrix:
    return sparse.csc_matrix(
        (columns.data, rows[columns.indices], columns.indptr), shape=(count, columns.shape[1])
    )


def joined_units(earlier: UnitsPart, new: UnitsPart, order: Integers) -> UnitsPart:
    """The units of names of two parts, numbered as the names have them one after the other."""
    known = earlier.table["text"].combine_chunks()
    asked = new.table["text"].combine_chunks()
    place = pc.index_in(asked, value_set=known).to_numpy(zero_copy_only=False)
    is_new = np.isnan(place)
    own = len(known) + np.cumsum(is_new) - 1
    ids = np.concatenate([earlier.ids, np.where(is_new, own, place).astype(np.int64)[new.ids]])
    table = pa.concat_tables([earlier.table, new.table.filter(pa.array(is_new))]).combine_chunks()
    starts = np.concatenate([earlier.starts[:-1], new.starts + len(earlier.ids)])
    taken, made_starts = _stretches(starts, order)
    ids = ids[taken]
    masks = np.concatenate([earlier.masks, new.masks])[taken]
    held, first, number = np.unique(ids, return_index=True, return_inverse=True)
    by_place = np.argsort(first)
    rank = np.empty(len(held), np.int64)
    rank[by_place] = np.arange(len(held))
    return UnitsPart(table.take(pa.array(held[by_place])), made_starts, rank[number], masks)


def _stretches(starts: Integers, order: Integers) -> tuple[Integers, Integers]:
    """The places of some stretches, one after the other, and where each then begins."""
    lengths = np.diff(starts)[order]
    made = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    offsets = np.repeat(starts[:-1][order] - made[:-1], lengths)
    return np.arange(made[-1]) + offsets, made


def order_of(places: Sequence[int], earlier: int) -> Integers:
    """The order in which rows of two tables stand: places in the first, or None for the next new.

    Args:
        places: By row, its place in the earlier table; -1 = the next of the new table.
        earlier: Rows of the earlier table.
    """
    at = np.asarray(places, np.int64)
    return np.where(at >= 0, at, earlier + np.cumsum(at < 0) - 1)
