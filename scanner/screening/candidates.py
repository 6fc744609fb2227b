"""The few listed names worth comparing with each query, by one sparse product."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from scanner.names.folding import fold_text
from scanner.names.parsing import name_words
from scanner.names.sound import skeleton, sound_key
from scanner.screening.features import (
    consonant_features,
    features_of,
    few_vowels,
    initial_features,
)
from scanner.screening.index import Index

_QUERIES_AT_ONCE = 512
_NEAR_SHARE = 0.4
_TIMES_OF_LITTLE = 3
FIELD_WIDTHS = frozenset((33, 34, 35, 65, 66, 69, 70, 104, 105, 139, 140))
"""Characters of a name that fills its field (FIN lines, ISO 20022 Max70 and Max140), or the last
of which is a blank."""
Integers = np.ndarray[Any, np.dtype[np.int64]]
Likeness = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Query:
    """A name to look for: its own words, their sounds, its legal forms.

    `is_cut`: the name is as long as a field, so its end may be lost. `text`: all of it, folded.
    """

    words: tuple[str, ...]
    sounds: tuple[str, ...]
    forms: frozenset[str]
    is_cut: bool = False
    text: str = ""

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
    is_cut = len(name.strip()) in FIELD_WIDTHS
    return Query(words, tuple(sound_key(word) for word in words), forms, is_cut, fold_text(name))


def find_candidates(
    queries: Sequence[Query], index: Index, *, per_query: int
) -> tuple[Integers, Integers]:
    """Listed names whose letters are most like each query's.

    Args:
        queries: The queries.
        index: The listed names.
        per_query: Names for each; thrice as many for initials, cut names, or no vowels.

    Returns:
        Two equally long arrays: the query's position and the listed name's.
    """
    of_query, of_name, _ = nearest_names(queries, index, per_query=per_query)
    return of_query, of_name


def nearest_names(
    queries: Sequence[Query], index: Index, *, per_query: int
) -> tuple[Integers, Integers, Likeness]:
    """As `find_candidates`, with how near each is."""
    found_queries = [np.empty(0, np.int64)]
    found_names = [np.empty(0, np.int64)]
    found_likeness = [np.empty(0, np.float32)]
    for start in range(0, len(queries), _QUERIES_AT_ONCE):
        part = queries[start : start + _QUERIES_AT_ONCE]
        likeness = (_matrix_of(part, index) @ index.matrix).tocsr()
        _lengthen(likeness, part, index.letters)
        counts = np.diff(likeness.indptr)
        for position in np.flatnonzero(counts).tolist():
            begin, end = likeness.indptr[position], likeness.indptr[position + 1]
            names = likeness.indices[begin:end].astype(np.int64)
            values = likeness.data[begin:end]
            chosen = _nearest(names, values, most_of(part[position], per_query))
            found_names.append(names[chosen])
            found_likeness.append(values[chosen])
            found_queries.append(np.full(len(chosen), start + position, dtype=np.int64))
    return (
        np.concatenate(found_queries),
        np.concatenate(found_names),
        np.concatenate(found_likeness),
    )


def likeness_of(queries: Sequence[Query], index: Index, names: Integers) -> sparse.csr_matrix:
    """How near some listed names are to queries: queries by these names."""
    found: sparse.csr_matrix = (_matrix_of(queries, index) @ index.matrix[:, names]).tocsr()
    _lengthen(found, queries, index.letters[names])
    return found


def most_of(query: Query, per_query: int) -> int:
    """How many names are compared with a query: thrice as many where it says little of each word.

    So it is with initials, words without vowels and a name that its field cut.
    """
    says_little = query.is_cut or few_vowels(query.words) or 1 in map(len, query.words)
    return per_query * _TIMES_OF_LITTLE if says_little else per_query


def _lengthen(likeness: sparse.csr_matrix, queries: Sequence[Query], letters: Integers) -> None:
    """Let a cut name meet a long one as if that were cut as well: its length does not count."""
    for position, query in enumerate(queries):
        if query.is_cut:
            begin, end = likeness.indptr[position], likeness.indptr[position + 1]
            longer = letters[likeness.indices[begin:end]] / max(len(query.joined), 1)
            likeness.data[begin:end] *= np.sqrt(np.maximum(longer, 1.0))


def _nearest(names: Integers, values: Likeness, most: int) -> Integers:
    """Places of the greatest values in the order of names; of equal values the first names."""
    if len(names) > most:
        # Most names are far from the nearest and need no ordering.
        near = np.flatnonzero(values >= _NEAR_SHARE * values.max())
        if len(near) >= most:
            made: Integers = near[_first(names[near], values[near], most)]
            return made
    return _first(names, values, most)


def _first(names: Integers, values: Likeness, most: int) -> Integers:
    order: Integers = np.argsort(names)
    if len(names) <= most:
        return order
    least = np.partition(values, -most)[-most]
    equal = order[values[order] == least]
    chosen = np.concatenate([np.flatnonzero(values > least), equal])[:most]
    made: Integers = chosen[np.argsort(names[chosen])]
    return made


def _matrix_of(queries: Sequence[Query], index: Index) -> sparse.csr_matrix:
    indptr, indices, data = [0], [], []
    for query in queries:
        bones = [skeleton(word) for word in query.words]
        found = features_of(query.sounds, bones)
        if any(len(word) == 1 for word in query.words):
            found += initial_features(query.words, bones)
        found += [f"={skeleton(f'ZH{w[1:]}')}" for w in query.words if w[0] == "J"]
        if few_vowels(query.words):
            found += consonant_features(bones)
        known = Counter(index.feature_ids[f] for f in found if f in index.feature_ids)
        for feature, count in known.items():
            indices.append(feature)
            data.append(math.sqrt(count) * float(index.feature_weights[feature]))
        indptr.append(len(indices))
    return sparse.csr_matrix(
        (np.asarray(data, np.float32), np.asarray(indices, np.int32), indptr),
        shape=(len(queries), len(index.feature_weights)),
    )
