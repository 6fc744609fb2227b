"""What the lists say to each distinct name, taken from earlier answers as far as they still hold.

An answer to a name hangs on its nearest listed names alone. A few more of them are kept than are
compared: when some have gone and others came, the nearest of the new list are still known, and
only those that were not compared before are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scanner.screening.candidates import likeness_of, most_of, nearest_names
from scanner.screening.evidence import reasons
from scanner.screening.index import Index
from scanner.screening.kept_answers import AnswerStore, Kept
from scanner.screening.matcher import CANDIDATES, weigh_pairs
from scanner.screening.queries import Query, queries_of

SCHEMA = pa.schema(
    [
        pa.field("value", pa.string()),
        pa.field("nearest", pa.list_(pa.uint64())),
        pa.field("likeness", pa.list_(pa.float32())),
        pa.field("is_all", pa.bool_()),
        pa.field("keys", pa.list_(pa.uint64())),
        pa.field("margins", pa.list_(pa.float64())),
        pa.field("loose", pa.list_(pa.bool_())),
        pa.field("reasons", pa.list_(pa.string())),
    ]
)
_KEPT_TIMES = 2
_NAMES_AT_ONCE = 4_096
Integers = np.ndarray[Any, np.dtype[np.int64]]
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


@dataclass(frozen=True)
class _Near:
    """The nearest listed names of each row, the nearest first; of equal ones the first name."""

    row: Integers
    name: Integers
    likeness: np.ndarray[Any, np.dtype[np.float32]]
    rank: Integers

    @classmethod
    def of(cls, row: Integers, name: Integers, likeness: Any) -> tuple["_Near", Integers]:
        """Put pairs in order; with them their former places."""
        order = np.lexsort((name, -likeness, row))
        row = row[order]
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        return cls(row, name[order], likeness[order], rank), order

    def first(self, most: Integers) -> "_Near":
        """The first of each row, as many as is said for it."""
        kept = self.rank < most[self.row]
        return _Near(self.row[kept], self.name[kept], self.likeness[kept], self.rank[kept])


@dataclass(frozen=True)
class _Found:
    """Pairs that are likely enough to be one."""

    row: Integers
    name: Integers
    margin: np.ndarray[Any, np.dtype[np.float64]]
    loose: Flags
    because: np.ndarray[Any, np.dtype[np.object_]]

    def of(self, chosen: Any) -> "_Found":
        """Some of them."""
        return _Found(
            self.row[chosen], self.name[chosen], self.margin[chosen], self.loose[chosen],
            self.because[chosen],
        )  # fmt: skip

    def __add__(self, other: "_Found") -> "_Found":
        """Both, in the order of rows and names."""
        columns = ("row", "name", "margin", "loose", "because")
        both = _Found(
            *(np.concatenate([getattr(self, name), getattr(other, name)]) for name in columns)
        )
        return both.of(np.lexsort((both.name, both.row)))


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
    return dict(_matches(answers_to_names(names, index, min_score=min_score, store=store), index))


def answers_to_names(
    names: Sequence[str], index: Index, *, min_score: float, store: AnswerStore | None = None
) -> pa.Table:
    """As `answer_names`, as rows of SCHEMA: one a name, in no order."""
    asked = pa.array(names, pa.string())
    answered = [SCHEMA.empty_table()]
    for kept in store.kept("names", SCHEMA) if store else ():
        if not len(asked):
            break
        answered += [
            _renewed(rows, index, kept, min_score)
            for rows in kept.parts_of(asked, most=_NAMES_AT_ONCE)
        ]
        known = pa.concat_tables(answered)["value"].combine_chunks()
        asked = asked.filter(pc.invert(pc.is_in(asked, value_set=known)))
    for start in range(0, len(asked), _NAMES_AT_ONCE):
        part = asked[start : start + _NAMES_AT_ONCE].to_pylist()
        answered.append(_answered(part, index, min_score))
    table = pa.concat_tables(answered)
    if store:
        store.keep("names", table)
    return table


def _matches(table: pa.Table, index: Index) -> Iterator[tuple[str, list[NameMatch]]]:
    """Of each entry the best name; of equally good ones the first."""
    found = table.filter(pc.greater(pc.list_value_length(table["keys"]), 0))
    places, entry_ids = index.place_of_key, index.names["entry_id"]
    for row in found.drop_columns(["nearest", "likeness", "is_all"]).to_pylist():
        best: dict[str, NameMatch] = {}
        facts = (row["margins"], row["loose"], row["reasons"])
        for match in (
            NameMatch(places[k], *rest) for k, *rest in zip(row["keys"], *facts, strict=True)
        ):
            entry_id = entry_ids[match.name].as_py()
            if entry_id not in best or match.margin > best[entry_id].margin:
                best[entry_id] = match
        yield row["value"], [best[e] for e in sorted(best, key=lambda e: (-best[e].margin, e))]


def _answered(names: Sequence[str], index: Index, min_score: float) -> pa.Table:
    queries = queries_of(names)
    # One more tells whether there are more than are kept.
    near, _ = _Near.of(*nearest_names(queries, index, per_query=_KEPT_TIMES * CANDIDATES + 1))
    most = _most_of(queries)
    is_all = np.bincount(near.row, minlength=len(names)) <= _KEPT_TIMES * most
    compared = near.rank < most[near.row]
    found = _compared(queries, index, near.row[compared], near.name[compared], min_score)
    return _as_table(names, near.first(_KEPT_TIMES * most), is_all, found, index)


def _most_of(queries: Sequence[Query]) -> Integers:
    return np.array([most_of(query, CANDIDATES) for query in queries], np.int64)


def _compared(
    queries: Sequence[Query], index: Index, row: Integers, name: Integers, min_score: float
) -> _Found:
    """Compare pairs and keep those that are likely enough."""
    order = np.lexsort((name, row))
    row, name = row[order], name[order]
    scores, margins, loose = weigh_pairs(queries, index, row, name)
    likely = np.flatnonzero(scores >= min_score)
    row, name = row[likely], name[likely]
    said = np.array([*reasons(queries, index, row, name), None], np.object_)[:-1]
    return _Found(row, name, margins[likely], loose[likely], said)


def _as_table(
    values: Sequence[str], near: _Near, is_all: Flags, found: _Found, index: Index
) -> pa.Table:
    rows = np.arange(len(values) + 1)
    near_ends = pa.array(np.searchsorted(near.row, rows), pa.int32())
    found_ends = pa.array(np.searchsorted(found.row, rows), pa.int32())

    def lists(ends: pa.Array, values: Any, type_: pa.DataType) -> pa.Array:
        return pa.ListArray.from_arrays(ends, pa.array(values, type_))

    return pa.table(
        [
            pa.array(values, pa.string()),
            lists(near_ends, index.keys[near.name], pa.uint64()),
            lists(near_ends, near.likeness, pa.float32()),
            pa.array(is_all),
            lists(found_ends, index.keys[found.name], pa.uint64()),
            lists(found_ends, found.margin, pa.float64()),
            lists(found_ends, found.loose, pa.bool_()),
            lists(found_ends, found.because, pa.string()),
        ],
        schema=SCHEMA,
    )


def _renewed(rows: pa.Table, index: Index, kept: Kept, min_score: float) -> pa.Table:
    """The answers as the index gives them; without those whose nearest names are not known."""
    gone, come = kept.changed(index)
    if not rows.num_rows or not (len(gone) or len(come)):
        return rows
    queries = queries_of(rows["value"].to_pylist())
    most = _most_of(queries)
    near, was_compared = _with_new(rows, queries, most, index, come)
    count = np.bincount(near.row, minlength=rows.num_rows)
    is_all = rows["is_all"].to_numpy(zero_copy_only=False) & (count <= _KEPT_TIMES * most)
    known = rows["is_all"].to_numpy(zero_copy_only=False) | (count >= most)
    compared = (near.rank < most[near.row]) & known[near.row]
    new = compared & ~was_compared
    found = _found_in(rows, index)
    pair = near.row * len(index.keys) + near.name
    stays = np.isin(found.row * len(index.keys) + found.name, pair[compared])
    found = found.of(stays & (found.name >= 0)) + _compared(
        queries, index, near.row[new], near.name[new], min_score
    )
    near = near.first(_KEPT_TIMES * most)
    made = _as_table(rows["value"].to_pylist(), near, is_all, found, index)
    return made.filter(pa.array(known))


def _with_new(
    rows: pa.Table, queries: Sequence[Query], most: Integers, index: Index, come: Integers
) -> tuple[_Near, Flags]:
    """The nearest names of those that stayed and those that came; which were compared before."""
    nearest = rows["nearest"].combine_chunks()
    row = nearest.value_parent_indices().to_numpy().astype(np.int64)
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    place = _places(nearest.flatten().to_numpy(), index)
    stays = place >= 0
    row, place, was_compared = row[stays], place[stays], (rank < most[row])[stays]
    likeness = rows["likeness"].combine_chunks().flatten().to_numpy()[stays]
    # What is farther than the last that is known has no place: others may stand before it.
    last = np.searchsorted(row, np.arange(rows.num_rows), side="right") - 1
    none = np.bincount(row, minlength=rows.num_rows) == 0
    least = np.where(none, np.inf, likeness[np.maximum(last, 0)] if len(likeness) else np.inf)
    least_place = np.where(none, -1, place[np.maximum(last, 0)] if len(place) else -1)
    least[rows["is_all"].to_numpy(zero_copy_only=False)] = -np.inf
    new = likeness_of(queries, index, come)
    new_row, new_name = new.row.astype(np.int64), come[new.col]
    near_enough = (new.data > least[new_row]) | (
        (new.data == least[new_row]) & (new_name < least_place[new_row])
    )
    made, order = _Near.of(
        np.concatenate([row, new_row[near_enough]]),
        np.concatenate([place, new_name[near_enough]]),
        np.concatenate([likeness, new.data[near_enough]]),
    )
    before = np.concatenate([was_compared, np.zeros(near_enough.sum(), np.bool_)])
    return made, before[order]


def _found_in(rows: pa.Table, index: Index) -> _Found:
    """The pairs of kept answers; a name that has gone has the position -1."""
    keys = rows["keys"].combine_chunks()
    columns = (rows[name].combine_chunks().flatten() for name in ("margins", "loose", "reasons"))
    margin, loose, because = (c.to_numpy(zero_copy_only=False) for c in columns)
    return _Found(
        keys.value_parent_indices().to_numpy().astype(np.int64),
        _places(keys.flatten().to_numpy(), index),
        margin,
        loose.astype(np.bool_),
        because.astype(np.object_),
    )


def _places(keys: Any, index: Index) -> Integers:
    """Positions of the listed names of keys; -1 where none has it."""
    order = np.argsort(index.keys)
    at = np.minimum(np.searchsorted(index.keys, keys, sorter=order), len(order) - 1)
    found: Integers = np.where(index.keys[order[at]] == keys, order[at], -1).astype(np.int64)
    return found
