"""How alike the letters of a pair are, whatever the words."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from rapidfuzz import distance, fuzz, process

from scanner.screening.index import Index
from scanner.screening.queries import Query
from scanner.screening.units import Flags, Floats, Integers

LEAST_BEGUN = 0.88
"""From this likeness on a cut name begins the listed one."""
_LEAST_PREFIX = 12
_LEAST_PARTIAL = 8
_MOST_LETTERS = 30
_VOWEL = re.compile("[AEIOU]")


def letter_measures(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> dict[str, Floats]:
    """Measures of the letters, whatever the words."""
    one = _taken([query.joined for query in queries], query_of)
    two = _taken(index.joined, name_of)
    joined = ratio(one, two)
    turned = index.surname_words[name_of] > 0
    turned_two = _taken(index.turned, name_of)
    joined = np.fmax(joined, _of_some(turned, one, turned_two))
    alike = process.cpdist(
        _taken([" ".join(sorted(query.sounds)) for query in queries], query_of),
        _taken(index.sorted_sounds, name_of),
        scorer=distance.JaroWinkler.similarity,
        dtype=np.float64,
    )
    own = np.fromiter((len(query.joined) for query in queries), np.int64, len(queries))[query_of]
    lengths = np.minimum(own, index.letters[name_of])
    bones_one = _taken([query.bones for query in queries], query_of)
    bones_two = _taken(index.bones, name_of)
    bones = ratio(bones_one, bones_two)
    bones = np.fmax(bones, _of_some(turned, bones_one, _taken(index.turned_bones, name_of)))
    vowelless = np.array([query.has_few_vowels for query in queries])[query_of]
    bone_lengths = np.full(len(one), np.nan)
    places = np.flatnonzero(vowelless)
    if len(places):
        plain = ratio(
            ["".join(queries[i].words) for i in query_of[places].tolist()],
            [_consonants_of(index.words[i]) for i in name_of[places].tolist()],
        )
        bones[places] = np.maximum(bones[places], plain)
        bone_lengths[places] = [
            min(len(bones_one[i]), len(bones_two[i]), _MOST_LETTERS) for i in places.tolist()
        ]
    cut = np.array([query.is_cut for query in queries])[query_of]
    begun = np.fmax(_begun(cut, one, two), _begun(cut & turned, one, turned_two))
    # What is behind a cut is not known: it makes no letters differ.
    sure = np.where(begun >= LEAST_BEGUN, begun, 0.0)
    joined, alike, bones = (np.maximum(found, sure) for found in (joined, alike, bones))
    return {
        "letters_ratio": joined,
        "letters_nats": joined**4 * np.minimum(lengths, _MOST_LETTERS),
        "sorted_likeness": alike,
        "partial_ratio": _of_some(lengths >= _LEAST_PARTIAL, one, two, fuzz.partial_ratio),
        "prefix_ratio": _prefix(one, two, lengths),
        "begun": begun,
        "cut_letters": begun**8 * np.minimum(own, _MOST_LETTERS),
        "consonants_ratio": bones,
        "vowelless_letters": bones**6 * bone_lengths,
    }


def _taken(texts: Sequence[str], places: Integers) -> list[str]:
    found: list[str] = np.array(texts, np.object_)[places].tolist()
    return found


@lru_cache(maxsize=1 << 14)
def _consonants_of(words: tuple[str, ...]) -> str:
    """The words as they are written where vowels are dropped."""
    return "".join(word[:1] + _VOWEL.sub("", word[1:]) for word in words)


def ratio(one: Sequence[str], two: Sequence[str], scorer: Any = fuzz.ratio) -> Floats:
    """How alike texts are, one by one, 0 to 1."""
    found: Floats = process.cpdist(one, two, scorer=scorer, dtype=np.float64) / 100
    return found


def _of_some(
    chosen: Any, one: Sequence[str], two: Sequence[str], scorer: Any = fuzz.ratio
) -> Floats:
    """The ratio of the chosen pairs, NaN elsewhere."""
    made = np.full(len(one), np.nan)
    places = np.flatnonzero(chosen).tolist()
    if places:
        made[places] = ratio([one[i] for i in places], [two[i] for i in places], scorer)
    return made


def _prefix(one: Sequence[str], two: Sequence[str], lengths: Integers) -> Floats:
    """Likeness of the shorter with as much of the longer's beginning, for names cut short."""
    made = np.full(len(one), np.nan)
    places = np.flatnonzero(lengths >= _LEAST_PREFIX)
    if len(places):
        cut = lengths[places].tolist()
        made[places] = ratio(
            [text[:n] for text, n in zip(_taken(one, places), cut, strict=True)],
            [text[:n] for text, n in zip(_taken(two, places), cut, strict=True)],
        )
    return made


def _begun(cut: Flags, one: Sequence[str], two: Sequence[str]) -> Floats:
    """How alike a cut name is to what the listed one begins with; NaN where no field's end cut."""
    made = np.full(len(one), np.nan)
    places = [i for i in np.flatnonzero(cut).tolist() if len(one[i]) <= len(two[i])]
    if places:
        made[places] = ratio([one[i] for i in places], [two[i][: len(one[i])] for i in places])
    return made
