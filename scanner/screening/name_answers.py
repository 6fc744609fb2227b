"""What the lists say to each distinct name, taken from earlier answers where they still hold.

An answer to a name hangs on its nearest listed names alone. After a change of the lists it holds
unless one of these has gone, or a name that came is nearer than the farthest of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.screening.candidates import likeness_of, most_of, query_of
from scanner.screening.evidence import reasons
from scanner.screening.index import Index
from scanner.screening.kept_answers import AnswerStore, Kept
from scanner.screening.matcher import CANDIDATES, match_nearest

SCHEMA = pa.schema(
    [
        pa.field("value", pa.string()),
        pa.field("nearest", pa.list_(pa.uint64())),
        pa.field("least_likeness", pa.float32()),
        pa.field("farthest", pa.uint64()),
        pa.field("keys", pa.list_(pa.uint64())),
        pa.field("margins", pa.list_(pa.float64())),
        pa.field("loose", pa.list_(pa.bool_())),
        pa.field("reasons", pa.list_(pa.string())),
    ]
)
_NAMES_AT_ONCE = 16_384
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class NameMatch:
    """One listed name, the best of its entry, that may be the name asked for.

    Attributes:
        name: Position of the listed name.
        margin: Log-odds of the letters and words alone.
        is_loose: Whether most words are only alike; nothing that obliges.
        because: Why, in words.
    """

    name: int
    margin: float
    is_loose: bool
    because: str


def answer_names(
    names: Sequence[str], index: Index, *, min_score: float, store: AnswerStore | None = None
) -> dict[str, list[NameMatch]]:
    """Match distinct names with the lists; the likeliest entry first.

    Args:
        names: Distinct names.
        index: The prepared lists.
        min_score: Least score of a match.
        store: Earlier answers to the same `min_score`; takes the new ones.

    Returns:
        The names that have a match.
    """
    asked = pa.array(names, pa.string())
    answered = []
    for kept in store.kept("names", SCHEMA) if store else ():
        rows = kept.rows_of(asked)
        holds = _holding(rows, index, kept)
        answered.append(rows.filter(pa.array(holds)))
        asked = asked.filter(pc.invert(pc.is_in(asked, value_set=answered[-1]["value"])))
    for start in range(0, len(asked), _NAMES_AT_ONCE):
        part = asked[start : start + _NAMES_AT_ONCE].to_pylist()
        answered.append(_answered(part, index, min_score))
    table = pa.concat_tables([SCHEMA.empty_table(), *answered])
    if store:
        store.keep("names", table)
    return dict(_matches(table, index))


def _matches(table: pa.Table, index: Index) -> Iterator[tuple[str, list[NameMatch]]]:
    found = table.filter(pc.greater(pc.list_value_length(table["keys"]), 0))
    places = index.place_of_key
    for row in found.drop_columns(["nearest", "least_likeness", "farthest"]).to_pylist():
        columns = (row["margins"], row["loose"], row["reasons"])
        yield (
            row["value"],
            [
                NameMatch(places[key], *facts)
                for key, *facts in zip(row["keys"], *columns, strict=True)
            ],
        )


def _answered(names: Sequence[str], index: Index, min_score: float) -> pa.Table:
    queries = [query_of(name) for name in names]
    matches, (near_query, near_name, likeness) = match_nearest(queries, index, min_score=min_score)
    of_query = np.array([found.query for found in matches], np.int64)
    of_name = np.array([found.name for found in matches], np.int64)
    ends = np.searchsorted(near_query, np.arange(len(names) + 1))
    found_ends = pa.array(np.searchsorted(of_query, np.arange(len(names) + 1)), pa.int32())
    least = np.full(len(names), np.nan, np.float32)
    farthest = np.zeros(len(names), np.uint64)
    for i in np.flatnonzero(np.diff(ends)).tolist():
        held = slice(ends[i], ends[i + 1])
        least[i] = likeness[held].min()
        farthest[i] = index.keys[near_name[held][likeness[held] == least[i]].max()]

    def lists(values: Any, type_: pa.DataType) -> pa.Array:
        return pa.ListArray.from_arrays(found_ends, pa.array(values, type_))

    return pa.table(
        [
            pa.array(names, pa.string()),
            pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(index.keys[near_name])),
            pa.array(least),
            pa.array(farthest),
            lists(index.keys[of_name], pa.uint64()),
            lists([found.margin for found in matches], pa.float64()),
            lists([found.is_loose for found in matches], pa.bool_()),
            lists(reasons(queries, index, of_query, of_name), pa.string()),
        ],
        schema=SCHEMA,
    )


def _holding(rows: pa.Table, index: Index, kept: Kept) -> Flags:
    """Which answers still hold for the listed names of the index."""
    gone, come = kept.changed(index)
    holds: Flags = np.ones(rows.num_rows, np.bool_)
    if len(gone):
        nearest = rows["nearest"].combine_chunks()
        is_gone = pc.is_in(nearest.flatten(), value_set=pa.array(gone, pa.uint64()))
        holds[nearest.value_parent_indices().filter(is_gone).to_numpy()] = False
    if not len(come) or not holds.any():
        return holds
    left = np.flatnonzero(holds)
    queries = [query_of(name) for name in rows["value"].take(pa.array(left)).to_pylist()]
    least = rows["least_likeness"].to_numpy()[left]
    farthest = rows["farthest"].to_numpy()[left]
    most = np.array([most_of(query, CANDIDATES) for query in queries])
    is_full = pc.list_value_length(rows["nearest"]).to_numpy()[left] >= most
    places = index.place_of_key
    last = np.array([places.get(key, -1) for key in farthest.tolist()], np.int64)
    near = likeness_of(queries, index, come).tocoo()
    nearer = (near.data > least[near.row]) | ~is_full[near.row]
    nearer |= (near.data == least[near.row]) & (come[near.col] < last[near.row])
    holds[left[near.row[nearer]]] = False
    return holds
