"""The few listed names worth comparing with each query, by one sparse product."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from scanner.names.parsing import name_words
from scanner.names.sound import skeleton, sound_key
from scanner.screening.index import Index, features_of

_QUERIES_AT_ONCE = 512
Integers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Query:
    """A name to look for: its own words, their sounds, its legal forms."""

    words: tuple[str, ...]
    sounds: tuple[str, ...]
    forms: frozenset[str]

    @cached_property
    def bones(self) -> str:
        """The words' skeletons without blanks."""
        return "".join(map(skeleton, self.words))

    @cached_property
    def joined(self) -> str:
        """The sounds without blanks."""
        return "".join(self.sounds)


def query_of(name: str) -> Query:
    """Prepare a name as a person or a message writes it."""
    words, forms = name_words(name)
    return Query(words, tuple(sound_key(word) for word in words), forms)


def find_candidates(
    queries: Sequence[Query], index: Index, *, per_query: int
) -> tuple[Integers, Integers]:
    """Listed names whose letters are most like each query's.

    Returns:
        Two equally long arrays: the query's position and the listed name's.
    """
    found_queries, found_names = [], []
    for start in range(0, len(queries), _QUERIES_AT_ONCE):
        part = queries[start : start + _QUERIES_AT_ONCE]
        likeness = (_matrix_of(part, index) @ index.matrix).tocsr()
        counts = np.diff(likeness.indptr)
        for position in np.flatnonzero(counts):
            begin, end = likeness.indptr[position], likeness.indptr[position + 1]
            values = likeness.data[begin:end]
            if len(values) > per_query:
                chosen = np.argpartition(values, -per_query)[-per_query:]
            else:
                chosen = np.arange(len(values))
            found_names.append(np.sort(likeness.indices[begin + chosen]).astype(np.int64))
            found_queries.append(np.full(len(chosen), start + position, dtype=np.int64))
    if not found_queries:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate(found_queries), np.concatenate(found_names)


def _matrix_of(queries: Sequence[Query], index: Index) -> sparse.csr_matrix:
    indptr, indices, data = [0], [], []
    for query in queries:
        found = features_of(query.sounds, [skeleton(word) for word in query.words])
        known = Counter(index.feature_ids[f] for f in found if f in index.feature_ids)
        for feature, count in known.items():
            indices.append(feature)
            data.append(math.sqrt(count) * float(index.feature_weights[feature]))
        indptr.append(len(indices))
    return sparse.csr_matrix(
        (np.asarray(data, np.float32), np.asarray(indices, np.int32), indptr),
        shape=(len(queries), len(index.feature_weights)),
    )
