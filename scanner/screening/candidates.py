"""The few listed names worth comparing with each query, by one sparse product."""

from collections.abc import Sequence
from itertools import chain, pairwise, repeat
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import _sparsetools

from scanner.names.sound import skeleton
from scanner.screening.features import consonant_features, initial_features
from scanner.screening.index import Index
from scanner.screening.queries import Query

_LEAST_OF_QUERY = 0.22
_LEAST_OF_NAME = 0.4
"""Another name is what is less near to a query than this share of the query itself, and less than
that of the listed name: a short one may stand in a long text."""
_FEW_LETTERS = 8
"""Up to so many letters a query is looked for by its common features too."""
_NEAR_SHARES = (0.5, 0.35, 0.2, 0.1)
_TIMES_OF_LITTLE = 3
_NAME_BITS = 24
_VALUE_BITS = 31
_QUERIES_AT_ONCE = 1 << (64 - _VALUE_BITS - _NAME_BITS)
"""Names, likeness and queries in one number of 64 bits: sixteen million listed names."""
_MOST_VALUE = np.uint32((1 << _VALUE_BITS) - 1)
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Likeness = np.ndarray[Any, np.dtype[np.float32]]


def find_candidates(
    queries: Sequence[Query], index: Index, *, per_query: int, with_far: bool = False
) -> tuple[Integers, Integers]:
    """Listed names whose letters are most like each query's.

    Args:
        queries: The queries.
        index: The listed names.
        per_query: Most names for each; thrice as many for initials, cut names, or no vowels.
        with_far: Those too that are not worth comparing: a matcher learns from them.

    Returns:
        Two equally long arrays: the query's position and the listed name's.
    """
    of_query, of_name, _ = nearest_names(queries, index, per_query=per_query, with_far=with_far)
    return of_query, of_name


def nearest_names(
    queries: Sequence[Query], index: Index, *, per_query: int, with_far: bool = False
) -> tuple[Integers, Integers, Likeness]:
    """As `find_candidates`, with how near each is."""
    found_queries = [np.empty(0, np.int64)]
    found_names = [np.empty(0, np.int64)]
    found_likeness = [np.empty(0, np.float32)]
    for start in range(0, len(queries), _QUERIES_AT_ONCE):
        part = queries[start : start + _QUERIES_AT_ONCE]
        likeness = _likeness(part, index, index.matrix, index.letters)
        most = np.fromiter((most_of(query, per_query) for query in part), np.int64, len(part))
        row, name, near = _nearest(likeness, most)
        if not with_far:
            kept = near >= _least(part, index, row, name)
            row, name, near = row[kept], name[kept], near[kept]
        found_queries.append(start + row)
        found_names.append(name)
        found_likeness.append(near)
    return (
        np.concatenate(found_queries),
        np.concatenate(found_names),
        np.concatenate(found_likeness),
    )


def likeness_of(queries: Sequence[Query], index: Index, names: Integers) -> sparse.coo_matrix:
    """How near some listed names are to queries, where that is near enough: queries by names."""
    found = _likeness(queries, index, index.matrix[:, names], index.letters[names]).tocoo()
    near = found.data >= _least(queries, index, found.row.astype(np.int64), names[found.col])
    return sparse.coo_matrix(
        (found.data[near], (found.row[near], found.col[near])), shape=found.shape
    )


def most_of(query: Query, per_query: int) -> int:
    """How many names are compared with a query: thrice as many where it says little of each word.

    So it is with initials, words without vowels and a name that its field cut.
    """
    says_little = query.is_cut or query.has_few_vowels or 1 in map(len, query.words)
    return per_query * _TIMES_OF_LITTLE if says_little else per_query


def _least(queries: Sequence[Query], index: Index, row: Integers, name: Integers) -> Floats:
    """From what likeness on pairs of a query and a listed name are worth comparing.

    A query is taken to be as long as the listed name would be with its letters: that hangs on
    nothing but the two.
    """
    letters = np.fromiter((len(query.joined) for query in queries), np.int64, len(queries))
    of_query = _LEAST_OF_QUERY * np.sqrt(letters[row] / np.maximum(index.letters[name], 1))
    found: Floats = index.lengths[name] * np.minimum(of_query, _LEAST_OF_NAME)
    return found


def _likeness(
    queries: Sequence[Query], index: Index, names: sparse.csr_matrix, letters: Integers
) -> sparse.csr_matrix:
    """How near listed names are, by the columns of their features and their letters."""
    found = _product(_matrix_of(queries, index), names)
    for position, query in enumerate(queries):
        if query.is_cut:
            # It meets a long name as if that were cut as well: its length does not count.
            begin, end = found.indptr[position], found.indptr[position + 1]
            longer = letters[found.indices[begin:end]] / max(len(query.joined), 1)
            found.data[begin:end] *= np.sqrt(np.maximum(longer, 1.0))
    return found


def _product(one: sparse.csr_matrix, two: sparse.csr_matrix) -> sparse.csr_matrix:
    """What `one @ two` is, without counting its entries beforehand, which takes a third of it.

    There are at most as many as products of entries.
    """
    most = int(np.diff(two.indptr)[one.indices].sum())
    indptr, indices = np.empty(one.shape[0] + 1, np.int32), np.empty(most, np.int32)
    data = np.empty(most, np.float32)
    _sparsetools.csr_matmat(
        one.shape[0], two.shape[1], one.indptr.astype(np.int32), one.indices, one.data,
        two.indptr, two.indices, two.data, indptr, indices, data,
    )  # fmt: skip
    count = int(indptr[-1])
    return sparse.csr_matrix(
        (data[:count], indices[:count], indptr), shape=(one.shape[0], two.shape[1])
    )


def _matrix_of(queries: Sequence[Query], index: Index) -> sparse.csr_matrix:
    """Queries by features; of long ones without those that most names have."""
    letters = np.fromiter((len(query.joined) for query in queries), np.int64, len(queries))
    words = np.fromiter((len(query.words) for query in queries), np.int64, len(queries))
    numbers = np.arange(len(queries))
    bones = list(chain.from_iterable(query.skeletons for query in queries))
    asked = list(map(_features_asked, queries))
    more = list(chain.from_iterable(asked))
    row = np.concatenate(
        [
            np.repeat(numbers, letters),
            np.repeat(numbers, words),
            np.repeat(numbers, np.fromiter(map(len, asked), np.int64, len(asked))),
        ]
    )
    feature = np.concatenate(
        [
            index.triples.of([query.joined for query in queries]),
            np.fromiter(map(index.bone_ids.get, bones, repeat(-1)), np.int64, len(bones)),
            np.fromiter(map(index.feature_ids.get, more, repeat(-1)), np.int64, len(more)),
        ]
    )
    known = feature >= 0
    known[known] = ~(index.common_features[feature[known]] & (letters > _FEW_LETTERS)[row[known]])
    row, feature = row[known], feature[known]
    _, first, count = np.unique(
        row * len(index.feature_weights) + feature, return_index=True, return_counts=True
    )
    # By query; the features of each in the order in which they are asked for.
    order = np.lexsort((first, row[first]))
    row, feature, count = row[first[order]], feature[first[order]], count[order]
    weight = np.sqrt(count) * index.feature_weights[feature].astype(np.float64)
    indptr = np.append(0, np.cumsum(np.bincount(row, minlength=len(queries))))
    return sparse.csr_matrix(
        (weight.astype(np.float32), feature.astype(np.int32), indptr),
        shape=(len(queries), len(index.feature_weights)),
    )


def _features_asked(query: Query) -> list[str]:
    """Features that some queries ask for in addition."""
    found: list[str] = []
    if any(len(word) == 1 for word in query.words):
        found += initial_features(query.words, query.skeletons)
    found += [f"={skeleton(f'ZH{w[1:]}')}" for w in query.words if w[0] == "J"]
    if query.has_few_vowels:
        found += consonant_features(query.skeletons)
    return found


def _nearest(likeness: sparse.csr_matrix, most: Integers) -> tuple[Integers, Integers, Likeness]:
    """Rows and columns of each row's greatest values, by row and column; of equal ones the first.

    Args:
        likeness: Queries by listed names.
        most: How many of each row.
    """
    places = [np.empty(0, np.int64)]
    for (begin, end), wanted in zip(pairwise(likeness.indptr.tolist()), most.tolist(), strict=True):
        if end - begin <= wanted:
            places.append(np.arange(begin, end))
            continue
        # Most names are far from the nearest and need no ordering.
        of_row = likeness.data[begin:end]
        greatest = of_row.max()
        for share in _NEAR_SHARES:
            near = (of_row >= share * greatest).nonzero()[0]
            if len(near) >= wanted:
                break
        else:
            near = (of_row >= np.partition(of_row, -wanted)[-wanted]).nonzero()[0]
        near += begin
        places.append(near)
    row = np.repeat(np.arange(len(most)), list(map(len, places[1:])))
    place = np.concatenate(places)
    name, value = likeness.indices[place].astype(np.int64), likeness.data[place]
    # One number orders by row, falling value and column: likeness is above zero, so that its bits
    # stand as it does.
    key = row.astype(np.uint64) << np.uint64(_VALUE_BITS + _NAME_BITS)
    key |= (_MOST_VALUE - value.view(np.uint32)).astype(np.uint64) << np.uint64(_NAME_BITS)
    key = np.sort(key | name.astype(np.uint64))
    row = (key >> np.uint64(_VALUE_BITS + _NAME_BITS)).astype(np.int64)
    count = np.bincount(row, minlength=len(most))
    rank = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    kept = rank < most[row]
    row, key = row[kept], key[kept]
    name = (key & np.uint64((1 << _NAME_BITS) - 1)).astype(np.int64)
    bits = (key >> np.uint64(_NAME_BITS)).astype(np.uint32) & _MOST_VALUE
    order = np.argsort(row << _NAME_BITS | name)
    return row[order], name[order], (_MOST_VALUE - bits)[order].view(np.float32)
