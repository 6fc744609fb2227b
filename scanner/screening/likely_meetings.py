"""Which units of two names may meet: the few of all pairs of units that need comparing."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from scanner.screening.units import SIGNS, Flags, Integers, Signs, Units

_CELLS_AT_ONCE = 1 << 17
_EQUAL = (
    ("sounds", "other_sounds"), ("other_sounds", "sounds"), ("bones", "bones"),
    ("consonants", "consonants"), ("beginnings", "beginnings"),
)  # fmt: skip
_SIZE_BITS = 8
_SIZES = np.array([0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64, 96])
"""Numbers of units for which blocks are made; a name has the next of them or fewer."""


def likely_meetings(
    asked: Units, listed: Units, query_of: Integers, name_of: Integers
) -> tuple[Integers, Integers, Integers]:
    """The pair and the places of all units of its names that may be alike; few others."""
    count_a, count_b = np.diff(asked.starts)[query_of], np.diff(listed.starts)[name_of]
    start_a, start_b = asked.starts[query_of], listed.starts[name_of]
    found = [np.empty((3, 0), np.int64)]
    for rows, wide, high in _of_one_size(count_a, count_b):
        # The pairs of names come last: long rows of equal work.
        places_a = start_a[rows] + np.arange(wide)[:, None]
        places_b = start_b[rows] + np.arange(high)[:, None]
        signs_a = _taken(asked.signs, places_a[:, None])
        signs_b = _taken(listed.signs, places_b[None])
        cell, at = np.divmod(np.flatnonzero(_may_be_alike(signs_a, signs_b)), len(rows))
        i, j = np.divmod(cell, high)
        row = rows[at]
        # What stands behind a name's units is another's.
        own = np.flatnonzero((i < count_a[row]) & (j < count_b[row]))
        row, i, j = row[own], i[own], j[own]
        found.append(np.stack([row, start_a[row] + i, start_b[row] + j]))
    pair, at_a, at_b = np.concatenate(found, axis=1)
    return pair, at_a, at_b


def _of_one_size(count_a: Integers, count_b: Integers) -> Iterator[tuple[Integers, int, int]]:
    """Pairs of names that have about as many units, and at most how many: they make a block."""
    wide, high = (_SIZES[np.searchsorted(_SIZES, counts)] for counts in (count_a, count_b))
    size = wide << _SIZE_BITS | high
    order = np.argsort(size, kind="stable")
    edges = np.flatnonzero(np.diff(size[order], prepend=-1, append=-1))
    for begin, end in pairwise(edges.tolist()):
        own_wide, own_high = int(wide[order[begin]]), int(high[order[begin]])
        step = max(_CELLS_AT_ONCE // max(own_wide * own_high, 1), 1)
        for start in range(begin, end, step):
            yield order[start : min(start + step, end)], own_wide, own_high


def _taken(signs: Signs, places: Integers) -> dict[str, Any]:
    """The columns of the signs at some places, in their shape."""
    found = signs.take(places, mode="clip")
    return {name: np.ascontiguousarray(found[name]) for name in SIGNS.names or ()}


def _may_be_alike(a: Mapping[str, Any], b: Mapping[str, Any]) -> Flags:
    """All units that `likeness` would find alike, and few others."""
    spared = np.minimum(a["spared"], b["spared"])
    shorter, longer = (f(a["lengths"], b["lengths"]) for f in (np.minimum, np.maximum))
    found = _leave_room(spared, shorter, longer, a["letters"], b["letters"])
    found |= (shorter == 1) & (a["initials"] == b["initials"])
    shorter, longer = (f(a["sound_lengths"], b["sound_lengths"]) for f in (np.minimum, np.maximum))
    # Equal sounds are among these.
    found |= _leave_room(spared, shorter, longer, a["sound_letters"], b["sound_letters"])
    for one, two in _EQUAL:
        found |= a[one] == b[two]
    return found


def _leave_room(spared: Any, shorter: Any, longer: Any, letters_a: Any, letters_b: Any) -> Flags:
    """Whether lengths and letters leave room for as few edits as are spared."""
    edits = (np.multiply(spared, longer, dtype=np.uint16) >> 8).astype(np.uint8)
    found: Flags = longer - shorter <= edits
    found &= np.bitwise_count(letters_a & ~letters_b) <= edits
    found &= np.bitwise_count(letters_b & ~letters_a) <= edits
    return found
