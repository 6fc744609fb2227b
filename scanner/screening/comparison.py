"""What speaks for and against two names being one: measures of each pair, all at once.

Words are aligned by their best partner and weighted by rarity, so that a shared
TRADING says little and a shared surname much. A fact that is missing is NaN and
never lowers a score.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from rapidfuzz import distance, fuzz, process

from scanner.additive.feature_spec import FeatureSpec
from scanner.names.sound import skeleton
from scanner.screening.candidates import Integers, Query
from scanner.screening.index import Index

Floats = np.ndarray[Any, np.dtype[np.float64]]

MEASURES = (
    FeatureSpec("listed_coverage", 1),
    FeatureSpec("query_coverage", 1),
    FeatureSpec("joined_ratio", 1),
    FeatureSpec("sorted_likeness", 1),
    FeatureSpec("partial_ratio", 1),
    FeatureSpec("matched_rarity", 1),
    FeatureSpec("exact_rarity", 1),
    FeatureSpec("forms_agree", 1),
    FeatureSpec("least_words", 0),
    FeatureSpec("skeleton_ratio", 1),
    FeatureSpec("prefix_ratio", 1),
    FeatureSpec("covered_rarity", 1),
    FeatureSpec("query_covered_rarity", 1),
    FeatureSpec("joined_covered_rarity", 1),
)
"""The measures of a pair and the sign of their effect."""

_LEAST_WORD_LIKENESS = 0.8
_SKELETON_LIKENESS = 0.9
_INITIAL_LIKENESS = 0.7
_LEAST_PREFIX = 12


def measure_pairs(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> Floats:
    """Measure each pair.

    Args:
        queries: The queries.
        index: The listed names.
        query_of: Position of each pair's query.
        name_of: Position of each pair's listed name.

    Returns:
        Pairs by MEASURES.
    """
    made = np.full((len(query_of), len(MEASURES)), np.nan)
    if not len(query_of):
        return made
    listed, query, matched, exact = _aligned(queries, index, query_of, name_of)
    made[:, 0], made[:, 1], made[:, 5], made[:, 6] = listed, query, matched, exact
    one_joined = [queries[i].joined for i in query_of]
    two_joined = [index.joined[i] for i in name_of]
    made[:, 2] = process.cpdist(one_joined, two_joined, scorer=fuzz.ratio, dtype=np.float64) / 100
    made[:, 4] = _partial(one_joined, two_joined)
    one = [" ".join(sorted(queries[i].sounds)) for i in query_of]
    two = [" ".join(sorted(index.sounds[i])) for i in name_of]
    made[:, 3] = process.cpdist(one, two, scorer=distance.JaroWinkler.similarity, dtype=np.float64)
    made[:, 7] = [
        _forms(queries[q].forms, index.forms[n]) for q, n in zip(query_of, name_of, strict=True)
    ]
    made[:, 8] = [
        min(len(queries[q].words), len(index.words[n]), 4)
        for q, n in zip(query_of, name_of, strict=True)
    ]
    made[:, 9] = (
        process.cpdist(
            [queries[i].bones for i in query_of],
            [index.bones[i] for i in name_of],
            scorer=fuzz.ratio,
            dtype=np.float64,
        )
        / 100
    )
    made[:, 10] = _prefix(one_joined, two_joined)
    # Crosses that an additive model cannot make itself: how sure, times how telling.
    made[:, 11] = matched * listed**2
    made[:, 12] = matched * query**2
    lengths = np.minimum([len(s) for s in one_joined], [len(s) for s in two_joined])
    made[:, 13] = made[:, 2] ** 4 * np.minimum(lengths, 30)
    return made


def _prefix(one: Sequence[str], two: Sequence[str]) -> Floats:
    """Likeness of the shorter with as much of the longer's beginning, for names cut short."""
    shorter = [min(len(a), len(b)) for a, b in zip(one, two, strict=True)]
    made = np.full(len(one), np.nan)
    chosen = [i for i, length in enumerate(shorter) if length >= _LEAST_PREFIX]
    if chosen:
        made[chosen] = (
            process.cpdist(
                [one[i][: shorter[i]] for i in chosen],
                [two[i][: shorter[i]] for i in chosen],
                scorer=fuzz.ratio,
                dtype=np.float64,
            )
            / 100
        )
    return made


def _forms(one: frozenset[str], two: frozenset[str]) -> float:
    """1 where a form is shared, 0 where both have others, NaN where one has none."""
    if not one or not two:
        return np.nan
    return 1.0 if one & two else 0.0


def _partial(one: Sequence[str], two: Sequence[str]) -> Floats:
    """Likeness of the shorter with the best stretch of the longer, for cut and extended names."""
    shorter = np.minimum([len(s) for s in one], [len(s) for s in two])
    made = np.full(len(one), np.nan)
    chosen = np.flatnonzero(shorter >= 8).tolist()
    if chosen:
        made[chosen] = (
            process.cpdist(
                [one[i] for i in chosen],
                [two[i] for i in chosen],
                scorer=fuzz.partial_ratio,
                dtype=np.float64,
            )
            / 100
        )
    return made


def word_likeness(one: str, two: str, one_sound: str, two_sound: str) -> float:
    """How alike two words are, 0 to 1; below a floor they are nothing to each other."""
    if one_sound == two_sound:
        return 1.0
    if len(one) == 1 or len(two) == 1:
        return _INITIAL_LIKENESS if one[0] == two[0] else 0.0
    alike = distance.JaroWinkler.similarity(one_sound, two_sound)
    if min(len(one), len(two)) >= 4 and skeleton(one) == skeleton(two):
        alike = max(alike, _SKELETON_LIKENESS)
    return float(alike) if alike >= _LEAST_WORD_LIKENESS else 0.0


def _aligned(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> tuple[Floats, Floats, Floats, Floats]:
    """Rarity-weighted coverage of both sides, by each word's best partner."""
    count = len(query_of)
    listed, query, matched, exact = (np.zeros(count) for _ in range(4))
    known: dict[tuple[str, str], float] = {}
    weights: dict[str, float] = {}
    for pair, (q, n) in enumerate(zip(query_of.tolist(), name_of.tolist(), strict=True)):
        asked, on_list = queries[q], index.words[n]
        sounds = index.sounds[n]
        best_listed = [0.0] * len(on_list)
        best_query = [0.0] * len(asked.words)
        for i, word in enumerate(asked.words):
            for j, other in enumerate(on_list):
                key = (word, other)
                alike = known.get(key)
                if alike is None:
                    alike = word_likeness(word, other, asked.sounds[i], sounds[j])
                    known[key] = alike
                best_query[i] = max(best_query[i], alike)
                best_listed[j] = max(best_listed[j], alike)
        total = found = sure = 0.0
        for j, other in enumerate(on_list):
            weight = weights.get(other)
            if weight is None:
                weight = weights[other] = index.weight(other, sounds[j])
            total += weight
            found += weight * best_listed[j]
            sure += weight if best_listed[j] == 1.0 else 0.0
        listed[pair] = found / total if total else 0.0
        matched[pair], exact[pair] = found, sure
        total = found = 0.0
        for i, word in enumerate(asked.words):
            weight = weights.get(word)
            if weight is None:
                weight = weights[word] = index.weight(word, asked.sounds[i])
            total += weight
            found += weight * best_query[i]
        query[pair] = found / total if total else 0.0
    return listed, query, matched, exact
