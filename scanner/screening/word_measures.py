"""What the words of a pair say: those that met, and those that did not."""

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from rapidfuzz.distance import OSA

from scanner import reference
from scanner.screening.alignment import INITIAL, SAME, SAME_CONSONANTS, SOUNDS_SAME, Meetings, align
from scanner.screening.index import Index
from scanner.screening.kinds import LEAST_LETTERS, person_names
from scanner.screening.queries import Query
from scanner.screening.rarity import (
    GENERIC,
    LIGHT,
    RAREST,
    address_words,
    begins_address,
    generic_words,
    nats,
    query_unmet_nats,
)
from scanner.screening.units import (
    MOST_JOINED,
    MOST_WORDS,
    Flags,
    Floats,
    Integers,
    Units,
    units_of,
)

_LEAST_GENERIC_LETTERS = 7
_NEARLY = 0.8
_PART = 3
_KNOWN_NAME = 2.0


def word_measures(
    queries: Sequence[Query],
    index: Index,
    query_of: Integers,
    name_of: Integers,
    *,
    is_begun: Flags,
) -> dict[str, Floats]:
    """Measures of the words that met and of those that did not.

    Of a pair that `is_begun`, the query was cut off and begins the listed name: the words
    behind the cut are not known, not missed.
    """
    count = len(query_of)
    asked = units_of([query.words for query in queries])
    met = align(asked, index.units, query_of, name_of, index.unit_ranks, index.surname_words > 0)
    texts = asked.words.texts
    on_list = [index.rarity.get(sound) for sound in asked.words.sounds]
    single = np.zeros(len(texts), np.bool_)
    single[asked.ids[np.bitwise_count(asked.masks) == 1]] = True
    # Words that stand joined only are asked for what they say one by one.
    unmet = np.array(
        [_query_unmet(t, r) if s else 0.0 for t, r, s in zip(texts, on_list, single, strict=True)]
    )
    trades_of_query = Said(asked, _trade_flags(texts)[asked.ids])
    said_by_query = Said(asked, _by_place(queries, asked, unmet[asked.ids]))
    said_by_name, missed_of_name, trades_of_name = said_by(index)
    worth = said_by_name.of(name_of[met.pair], met.listed_mask)
    missed = missed_of_name.of(name_of[met.pair], met.listed_mask)
    own = said_by_query.of(query_of[met.pair], met.asked_mask)
    initial = met.likeness == INITIAL
    shown = np.where(initial, np.minimum(worth, 2.0), worth * met.likeness**2)
    covered = np.where(initial, 1.0, met.likeness)
    exact = met.likeness >= SOUNDS_SAME
    same = met.likeness >= SAME
    other = np.minimum((1 - met.likeness) / (1 - SAME_CONSONANTS), 1.0)
    # A generic word may be written in many ways, and a cut one is anybody's guess.
    other[initial | is_begun[met.pair] | (worth <= GENERIC)] = 0.0
    known = np.zeros(len(texts))
    mistaken = np.unique(met.asked[other > 0])
    known[mistaken] = [_known_nats(texts[i], on_list[i]) for i in mistaken.tolist()]
    met_trades = trades_of_query.of(query_of[met.pair], met.asked_mask)
    met_trades -= trades_of_name.of(name_of[met.pair], met.listed_mask)
    # What the listed name has of them beside may be the same in another language.
    more_trades = trades_of_query.whole[query_of] - trades_of_name.whole[name_of]
    listed_said, query_said = missed_of_name.whole[name_of], said_by_query.whole[query_of]
    listed_unmet = np.maximum(listed_said - _summed(met.pair, missed * covered, count), 0.0)
    listed_unmet[is_begun] = 0.0
    # A word that met is explained by the listed one, and costs at most what that one says.
    explained = own - np.minimum(own, np.maximum(worth, LIGHT)) * (1 - covered)
    query_unmet = np.maximum(query_said - _summed(met.pair, explained, count), 0.0)
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
        "same_nats": _summed(met.pair[same], worth[same], count),
        "mistaken_nats": _summed(met.pair, known[met.asked] * other, count),
        "other_trade_words": np.maximum(more_trades - _summed(met.pair, met_trades, count), 0.0),
        "listed_unmet_nats": listed_unmet,
        "query_unmet_nats": query_unmet,
        "balance_nats": met_nats - listed_unmet - query_unmet,
        "surname_likeness": np.where(
            is_begun,
            np.nan,
            _surname(met, worth, said_by_name, name_of, index.surname_words[name_of]),
        ),
        "initials_share": _summed(met.pair[initial], np.ones(initial.sum()), count)
        / np.maximum(least, 1),
        "least_words": np.minimum(least, 4).astype(np.float64),
    }


def _known_nats(word: str, on_list: float | None) -> float:
    """How unlikely it is that a word is a misspelling of another: it is somebody's own name."""
    borne = RAREST - nats(word, on_list)
    return max(borne, _KNOWN_NAME) if word in person_names() else borne


@cache
def _trade_words() -> frozenset[str]:
    """What firms do: words of a trade that the listed name lacks speak of another firm."""
    return (
        frozenset(
            row["word"]
            for row in reference.rows("generic_words")
            if len(row["word"]) >= LEAST_LETTERS
        )
        - address_words()
    )


def _trade_flags(texts: Sequence[str]) -> Floats:
    return np.array([float(text in _trade_words()) for text in texts])


def _query_unmet(word: str, on_list: float | None) -> float:
    """What an unmet word of a payment's name costs; a misspelt generic word is generic still."""
    if on_list is None and len(word) >= _LEAST_GENERIC_LETTERS and _is_nearly_generic(word):
        return LIGHT
    return query_unmet_nats(word, on_list)


@lru_cache(maxsize=1 << 16)
def _is_nearly_generic(word: str) -> bool:
    """Whether an error or two make the word of a generic one; its beginning or its end is whole."""
    beginnings, ends = _generic_by_part()
    near = {*beginnings.get(word[:_PART], ()), *ends.get(word[-_PART:], ())}
    return any(OSA.normalized_similarity(word, other) >= _NEARLY for other in near)


@cache
def _generic_by_part() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The long generic words by their first letters and by their last."""
    beginnings: dict[str, list[str]] = {}
    ends: dict[str, list[str]] = {}
    for word in sorted(w for w in generic_words() if len(w) >= _LEAST_GENERIC_LETTERS):
        beginnings.setdefault(word[:_PART], []).append(word)
        ends.setdefault(word[-_PART:], []).append(word)
    return beginnings, ends


def _by_place(queries: Sequence[Query], asked: Units, worth: Floats) -> Floats:
    """What each unit of each name costs where nothing meets it.

    A cut name's last word is anybody's guess, and what follows a word or number of an address
    belongs to the address: both cost little.
    """
    is_cut = np.fromiter((query.is_cut for query in queries), np.bool_, len(queries))
    count = np.fromiter((len(query.words) for query in queries), np.int64, len(queries))
    count = np.minimum(count, MOST_WORDS)
    name = np.repeat(np.arange(len(queries)), np.diff(asked.starts))
    place = np.arange(len(asked.ids)) - asked.starts[name]
    begins = np.fromiter(map(begins_address, asked.words.texts), np.bool_, len(asked.words.texts))
    tail = count.copy()
    found = np.flatnonzero(begins[asked.ids] & (place > 0) & (place < count[name]))
    np.minimum.at(tail, name[found], place[found])
    tail = np.where(is_cut, np.minimum(tail, count - 1), tail)
    return np.where((place >= tail[name]) & (place < count[name]), np.minimum(worth, LIGHT), worth)


def _summed(pair: Integers, values: Floats, count: int) -> Floats:
    found: Floats = np.bincount(pair, values, minlength=count).astype(np.float64)
    return found


class Said:
    """What names say: each whole name, and the words of it that a mask covers."""

    def __init__(self, units: Units, worth: Floats) -> None:
        single = (units.masks & (units.masks - 1)) == 0
        self._starts = units.starts
        self._worth = np.append(np.where(single, worth, 0.0), 0.0)
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
def said_by(index: Index) -> tuple["Said", "Said", "Said"]:
    """What the listed names say, what it costs to miss it, and their words of trades; kept."""
    ids = index.units.ids
    trades = _trade_flags(index.units.words.texts)
    return (
        Said(index.units, index.unit_nats[ids]),
        Said(index.units, index.unit_unmet_nats[ids]),
        Said(index.units, trades[ids]),
    )


def _surname(
    met: Meetings, worth: Floats, said: Said, name_of: Integers, words: Integers
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
