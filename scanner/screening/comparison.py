"""What speaks for and against two names being one: measures of each pair, all at once.

Words that met count by what they say (`rarity`), so that a shared TRADING says
little and a shared surname much. A fact that is missing is NaN and never lowers
a score.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from rapidfuzz import distance, fuzz, process

from scanner.additive.feature_spec import FeatureSpec
from scanner.screening.alignment import (
    INITIAL,
    MOST_JOINED,
    SOUNDS_SAME,
    Flags,
    Floats,
    Integers,
    Meetings,
    Units,
    align,
    units_of,
)
from scanner.screening.candidates import Query
from scanner.screening.features import few_vowels
from scanner.screening.index import Index
from scanner.screening.rarity import query_unmet_nats

MEASURES = (
    FeatureSpec("listed_share", 1),
    FeatureSpec("query_share", 1),
    FeatureSpec("met_nats", 1),
    FeatureSpec("exact_nats", 1),
    FeatureSpec("listed_unmet_nats", -1),
    FeatureSpec("query_unmet_nats", -1),
    FeatureSpec("balance_nats", 1),
    FeatureSpec("letters_ratio", 1),
    FeatureSpec("letters_nats", 1),
    FeatureSpec("sorted_likeness", 1),
    FeatureSpec("partial_ratio", 1),
    FeatureSpec("prefix_ratio", 1),
    FeatureSpec("cut_letters", 1),
    FeatureSpec("consonants_ratio", 1),
    FeatureSpec("vowelless_letters", 1),
    FeatureSpec("forms_agree", 1),
    FeatureSpec("surname_likeness", 1),
    FeatureSpec("initials_share", -1),
    FeatureSpec("least_words", 0),
    FeatureSpec("listed_telling_nats", 1),
    FeatureSpec("query_telling_nats", 1),
)
"""The measures of a pair and the sign of their effect."""

_LEAST_PREFIX = 12
_LEAST_PARTIAL = 8
_MOST_LETTERS = 30
_LEAST_EXACT_SHARE = 0.6
_LEAST_CLOSE_LETTERS = 0.85
_SURE_LETTERS = 10.0


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
    if not len(query_of):
        return np.empty((0, len(MEASURES)))
    made = dict(_words(queries, index, query_of, name_of))
    made |= _letters(queries, index, query_of, name_of)
    made["forms_agree"] = np.array(
        [
            _forms(queries[q].forms, index.forms[n])
            for q, n in zip(query_of.tolist(), name_of.tolist(), strict=True)
        ]
    )
    # Crosses that an additive model cannot make itself: how sure, times how telling.
    made["listed_telling_nats"] = made["met_nats"] * made["listed_share"] ** 2
    made["query_telling_nats"] = made["met_nats"] * made["query_share"] ** 2
    return np.column_stack([made[spec.name] for spec in MEASURES])


def is_loose(measures: Floats, index: Index, name_of: Integers) -> Flags:
    """Pairs most of whose listed words are only alike, and their letters not close either.

    Two typing errors in the only telling word look just so, and another firm does too: such a
    pair is worth a look and is nothing that obliges.

    Args:
        measures: Pairs by MEASURES.
        index: The listed names.
        name_of: Position of each pair's listed name.
    """
    listed = np.maximum(_said_by(index)[0].whole[name_of], 1e-9)
    exact = measures[:, _place("exact_nats")] / listed
    letters = np.fmax(
        measures[:, _place("letters_ratio")],
        measures[:, _place("vowelless_letters")] / _SURE_LETTERS,
    )
    return (exact < _LEAST_EXACT_SHARE) & (letters < _LEAST_CLOSE_LETTERS)


def tie_breaker(measures: Floats) -> Floats:
    """Finer than the model's steps: orders pairs that it holds for equal."""
    found: Floats = (
        measures[:, _place("letters_ratio")]
        + measures[:, _place("sorted_likeness")]
        + measures[:, _place("met_nats")] / 100
    )
    return found


def _place(name: str) -> int:
    return [spec.name for spec in MEASURES].index(name)


def _words(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> dict[str, Floats]:
    """Measures of the words that met and of those that did not."""
    count = len(query_of)
    asked = units_of([query.words for query in queries])
    met = align(asked, index.units, query_of, name_of, index.unit_nats)
    texts = asked.words.texts
    on_list = [index.rarity.get(sound) for sound in asked.words.sounds]
    unmet = np.array([query_unmet_nats(t, r) for t, r in zip(texts, on_list, strict=True)])
    said_by_query = _Said(asked, unmet)
    said_by_name, missed_of_name = _said_by(index)
    worth = said_by_name.of(name_of[met.pair], met.listed_mask)
    missed = missed_of_name.of(name_of[met.pair], met.listed_mask)
    own = said_by_query.of(query_of[met.pair], met.asked_mask)
    initial = met.likeness == INITIAL
    shown = np.where(initial, np.minimum(worth, 2.0), worth * met.likeness**2)
    covered = np.where(initial, 0.7, met.likeness)
    exact = met.likeness >= SOUNDS_SAME
    listed_said, query_said = missed_of_name.whole[name_of], said_by_query.whole[query_of]
    listed_unmet = np.maximum(listed_said - _summed(met.pair, missed * covered, count), 0.0)
    query_unmet = np.maximum(query_said - _summed(met.pair, own * covered, count), 0.0)
    met_nats = _summed(met.pair, shown, count)
    least = np.minimum(
        said_by_query.words[query_of],
        said_by_name.words[name_of],
    )
    return {
        "listed_share": 1 - listed_unmet / np.maximum(listed_said, 1e-9),
        "query_share": 1 - query_unmet / np.maximum(query_said, 1e-9),
        "met_nats": met_nats,
        "exact_nats": _summed(met.pair[exact], worth[exact], count),
        "listed_unmet_nats": listed_unmet,
        "query_unmet_nats": query_unmet,
        "balance_nats": met_nats - listed_unmet - query_unmet,
        "surname_likeness": _surname(
            met, worth, said_by_name, name_of, index.surname_words[name_of]
        ),
        "initials_share": _summed(met.pair[initial], np.ones(initial.sum()), count)
        / np.maximum(least, 1),
        "least_words": np.minimum(least, 4).astype(np.float64),
    }


def _summed(pair: Integers, values: Floats, count: int) -> Floats:
    found: Floats = np.bincount(pair, values, minlength=count).astype(np.float64)
    return found


class _Said:
    """What names say: each whole name, and the words of it that a mask covers."""

    def __init__(self, units: Units, worth: Floats) -> None:
        single = (units.masks & (units.masks - 1)) == 0
        self._starts = units.starts
        self._worth = np.append(np.where(single, worth[units.ids], 0.0), 0.0)
        count = len(units.starts) - 1
        name = np.repeat(np.arange(count), np.diff(units.starts))
        self.words: Integers = np.bincount(name[single], minlength=count).astype(np.int64)
        self.whole = _summed(name, self._worth[:-1], count)

    def of(self, name: Integers, mask: Integers) -> Floats:
        """Nats of the words of a mask; a name's single words stand first among its units."""
        found: Floats = np.zeros(len(name))
        for _ in range(MOST_JOINED):
            lowest = mask & -mask
            place = self._starts[name] + np.bitwise_count(lowest - 1)
            found += np.where(mask != 0, self._worth[place * (mask != 0)], 0.0)
            mask = mask & ~lowest
        return found

    def end(self, name: Integers, words: Integers) -> Floats:
        """Nats of each name's last words."""
        words = np.minimum(words, self.words[name])
        place = np.repeat(self._starts[name] + self.words[name] - words, words)
        place += np.arange(len(place)) - np.repeat(np.cumsum(words) - words, words)
        return _summed(np.repeat(np.arange(len(name)), words), self._worth[place], len(name))


@lru_cache(maxsize=4)
def _said_by(index: Index) -> tuple["_Said", "_Said"]:
    """What the listed names say, and what it costs to miss it; reckoned once for an index."""
    return _Said(index.units, index.unit_nats), _Said(index.units, index.unit_unmet_nats)


def _surname(
    met: Meetings, worth: Floats, said: _Said, name_of: Integers, words: Integers
) -> Floats:
    """How much of a person's surname was met; NaN where no surname is marked."""
    count = said.words[name_of]
    # A natural name ends with the surname.
    mask = (np.int64(1) << count) - (np.int64(1) << np.maximum(count - words, 0))
    inside = (met.listed_mask & ~mask[met.pair]) == 0
    like = np.where(met.likeness == INITIAL, 0.3, met.likeness)
    found = _summed(met.pair[inside], (like * worth)[inside], len(name_of))
    own = said.end(name_of, words)
    return np.where(words > 0, np.minimum(found / np.maximum(own, 1e-9), 1.0), np.nan)


def _letters(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> dict[str, Floats]:
    """Measures of the letters, whatever the words."""
    of_query, of_name = query_of.tolist(), name_of.tolist()
    one = [queries[i].joined for i in of_query]
    two = [index.joined[i] for i in of_name]
    joined = _ratio(one, two)
    turned = index.surname_words[name_of] > 0
    joined = np.fmax(joined, _of_some(turned, one, [index.turned[i] for i in of_name]))
    sorted_one = [" ".join(sorted(query.sounds)) for query in queries]
    sorted_two = {i: " ".join(sorted(index.sounds[i])) for i in set(of_name)}
    alike = process.cpdist(
        [sorted_one[i] for i in of_query],
        [sorted_two[i] for i in of_name],
        scorer=distance.JaroWinkler.similarity,
        dtype=np.float64,
    )
    lengths = np.minimum([len(s) for s in one], [len(s) for s in two])
    bones_one = [queries[i].bones for i in of_query]
    bones_two = [index.bones[i] for i in of_name]
    bones = _ratio(bones_one, bones_two)
    turned_bones = [index.turned_bones[i] for i in of_name]
    bones = np.fmax(bones, _of_some(turned, bones_one, turned_bones))
    bone_lengths = np.minimum([len(s) for s in bones_one], [len(s) for s in bones_two])
    return {
        "letters_ratio": joined,
        "letters_nats": joined**4 * np.minimum(lengths, _MOST_LETTERS),
        "sorted_likeness": alike,
        "partial_ratio": _of_some(lengths >= _LEAST_PARTIAL, one, two, fuzz.partial_ratio),
        "prefix_ratio": _prefix(one, two, lengths),
        "cut_letters": _cut_letters([queries[i].is_cut for i in of_query], one, two),
        "consonants_ratio": bones,
        "vowelless_letters": np.where(
            np.array([few_vowels(query.words) for query in queries])[query_of],
            bones**6 * np.minimum(bone_lengths, _MOST_LETTERS),
            np.nan,
        ),
    }


def _ratio(one: Sequence[str], two: Sequence[str], scorer: Any = fuzz.ratio) -> Floats:
    found: Floats = process.cpdist(one, two, scorer=scorer, dtype=np.float64) / 100
    return found


def _of_some(
    chosen: Any, one: Sequence[str], two: Sequence[str], scorer: Any = fuzz.ratio
) -> Floats:
    """The ratio of the chosen pairs, NaN elsewhere."""
    made = np.full(len(one), np.nan)
    places = np.flatnonzero(chosen).tolist()
    if places:
        made[places] = _ratio([one[i] for i in places], [two[i] for i in places], scorer)
    return made


def _prefix(one: Sequence[str], two: Sequence[str], lengths: Any) -> Floats:
    """Likeness of the shorter with as much of the longer's beginning, for names cut short."""
    cut = lengths.tolist()
    return _of_some(
        lengths >= _LEAST_PREFIX,
        [text[:length] for text, length in zip(one, cut, strict=True)],
        [text[:length] for text, length in zip(two, cut, strict=True)],
        fuzz.ratio,
    )


def _cut_letters(cut: Sequence[bool], one: Sequence[str], two: Sequence[str]) -> Floats:
    """Letters of a cut name that begin the listed one; NaN where no field's end cut it."""
    chosen = np.array(cut) & np.array([len(a) <= len(b) for a, b in zip(one, two, strict=True)])
    begun = _of_some(chosen, one, [b[: len(a)] for a, b in zip(one, two, strict=True)], fuzz.ratio)
    found: Floats = begun**8 * np.minimum([len(a) for a in one], _MOST_LETTERS)
    return found


def _forms(one: frozenset[str], two: frozenset[str]) -> float:
    """1 where a form is shared, 0 where both have others, NaN where one has none."""
    if not one or not two:
        return np.nan
    return 1.0 if one & two else 0.0
