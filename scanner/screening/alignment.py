"""Which words of two names meet: all pairs of a batch at once, one word for one word.

Distinct pairs of words are compared once; then each pair of names takes its
best meeting first, and no word meets twice. Two neighbouring words may meet one
(a name joined or broken at a line's end). A single letter may stand for a word
that begins with it, a word without vowels for one with its consonants, and a
cut word for one that it begins.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import add
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from scanner.names.sound import skeleton, sound_key

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

SAME = 1.0
SOUNDS_SAME = 0.98
MOVED_BLANK = 0.95
SAME_CONSONANTS = 0.88
FEW_CONSONANTS = 0.78
NO_VOWELS = 0.9
BEGINS = 0.75
INITIAL = 0.5
_LEAST_LIKENESS = 0.6
_LEAST_JOINED_LIKENESS = 0.88
MOST_JOINED = 3
"""Words that one unit may join."""
_ARTICLES = frozenset(("AL", "EL", "UL", "AD", "AN", "AR", "AS", "AZ", "IL"))
_SYLLABLE = 5
_LEAST_BEGINNING = 4
MOST_WORDS = 30
_VOWELS = frozenset("AEIOU")
_VOWEL = re.compile("[AEIOU]")
_MASKS = [
    [*(1 << i for i in range(count)), *(3 << i for i in range(count - 1))]
    for count in range(MOST_WORDS + 1)
]
"""Bits of the words of a name's first units: each word, then neighbours joined."""
_NO_VOWELS = str.maketrans("", "", "AEIOU")
_ROOM_SLACK = np.float32(1e-3)
_CELLS_AT_ONCE = 1 << 16


class Words:
    """Distinct units (words and neighbours joined) with what comparing them needs."""

    def __init__(
        self, texts: Sequence[str], sounds: Sequence[str], bones: Sequence[str],
        letters: Integers, sound_letters: Integers, vowelless: Flags,
    ) -> None:  # fmt: skip
        """Take distinct folded words and what `of` made of them."""
        self.texts, self.sounds, self.bones = texts, sounds, bones
        self.letters, self.sound_letters, self.vowelless = letters, sound_letters, vowelless
        self.lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self.sound_lengths = np.fromiter(map(len, sounds), np.int64, len(texts))
        self.bone_lengths = np.fromiter(map(len, bones), np.int64, len(texts))
        self.initials = np.fromiter((ord(t[0]) for t in texts), np.int64, len(texts))
        self.sound_hashes = _hashes(sounds)
        # French and Turkish write ZH as J.
        self.other_sound_hashes = _hashes(
            [
                sound_key(f"ZH{t[1:]}") if t[0] == "J" else s
                for t, s in zip(texts, sounds, strict=True)
            ]
        )
        self.bone_hashes = _hashes(bones)
        self.consonants = _hashes([t[:1] + t[1:].translate(_NO_VOWELS) for t in texts])
        self.beginnings = _hashes([text[:_LEAST_BEGINNING] for text in texts])

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Words":
        """Prepare distinct folded words."""
        sounds = [sound_key(text) for text in texts]
        vowelless = np.fromiter(
            (
                (len(t) > 2 or (len(t) > 1 and t[0] not in _VOWELS)) and _VOWEL.search(t, 1) is None
                for t in texts
            ),
            np.bool_,
            len(texts),
        )
        bones = [skeleton(text) for text in texts]
        return cls(texts, sounds, bones, _letters(texts), _letters(sounds), vowelless)


def _letters(texts: Sequence[str]) -> Integers:
    """The letters of each text as bits."""
    joined = "".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    bits = np.append(np.int64(1) << (codes & 31).astype(np.int64), np.int64(0))
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    made = np.bitwise_or.reduceat(bits, np.cumsum(lengths) - lengths) if len(texts) else lengths
    return np.where(lengths > 0, made, 0)


def _hashes(texts: Sequence[str]) -> Integers:
    """Numbers that are equal where texts are; only within one process."""
    return np.fromiter(map(hash, texts), np.int64, len(texts))


@dataclass(frozen=True)
class Signs:
    """What tells at once that two units are nothing to each other, by the units' places.

    Attributes:
        several: Whether a unit joins words.
        spared: Edits that a letter of the longer unit leaves room for; a joined one must be close.
        lengths: Letters.
        letters: The letters as bits.
        sound_lengths: Letters of the sound.
        sound_letters: The sound's letters as bits.
        initials: The first letter.
        sounds: Equal where sounds are equal, as are the following; a few others are too.
        other_sounds: The sound where J is French.
        bones: The skeleton.
        consonants: The unit without vowels.
        beginnings: The first letters.
    """

    several: Flags
    spared: Any
    lengths: Any
    letters: Any
    sound_lengths: Any
    sound_letters: Any
    initials: Any
    sounds: Any
    other_sounds: Any
    bones: Any
    consonants: Any
    beginnings: Any

    def at(self, places: Integers) -> "Signs":
        """Those of some places, in their shape."""
        return Signs(*(column[places] for column in vars(self).values()))


@dataclass(frozen=True)
class Units:
    """The units of names, one after the other.

    Attributes:
        words: The distinct units.
        starts: Where each name's units begin; one more than names.
        ids: The unit at each place.
        masks: Bits of the name's words that the unit covers.
    """

    words: Words
    starts: Integers
    ids: Integers
    masks: Integers

    @cached_property
    def signs(self) -> Signs:
        """The signs of the units in their order."""
        words, ids = self.words, self.ids
        several = (self.masks & (self.masks - 1)) != 0
        numbers = (words.lengths, words.letters, words.sound_lengths, words.sound_letters)
        hashes = (
            words.initials, words.sound_hashes, words.other_sound_hashes, words.bone_hashes,
            words.consonants, words.beginnings,
        )  # fmt: skip
        lengths, letters, sound_lengths, sound_letters = (n[ids] for n in numbers)
        return Signs(
            several,
            np.where(several, 1 - _LEAST_JOINED_LIKENESS, 1 - _LEAST_LIKENESS).astype(np.float32),
            lengths.astype(np.float32), letters.astype(np.uint32),
            sound_lengths.astype(np.float32), sound_letters.astype(np.uint32),
            *(column[ids].astype(np.uint32) for column in hashes),
        )  # fmt: skip


def likeness(one: Words, two: Words, a: Integers, b: Integers) -> Floats:
    """How alike pairs of words are, 0 to 1; below a floor they are nothing to each other.

    Args:
        one: Words of the payments.
        two: Words of the list.
        a: Which word of the first.
        b: Which word of the second, as many.
    """
    made = np.maximum(
        _close(one.texts, two.texts, one.lengths, two.lengths, one.letters, two.letters, a, b),
        _close(
            one.sounds, two.sounds, one.sound_lengths, two.sound_lengths,
            one.sound_letters, two.sound_letters, a, b,
        ),
    )  # fmt: skip
    shorter = np.minimum(one.lengths[a], two.lengths[b])
    least = np.where(
        shorter <= 2,
        1.0,
        np.where(shorter == 3, 2 / 3, np.where(shorter == 4, 0.75, _LEAST_LIKENESS)),
    )
    # Three consonants with another letter are anybody's.
    least[one.vowelless[a] & (shorter == 3)] = 1.0
    made[made < least] = 0.0
    bones = np.minimum(one.bone_lengths[a], two.bone_lengths[b])
    same_bones = one.bone_hashes[a] == two.bone_hashes[b]
    for least_bones, alike in ((3, FEW_CONSONANTS), (4, SAME_CONSONANTS)):
        chosen = same_bones & (bones >= least_bones)
        made[chosen] = np.maximum(made[chosen], alike)
    cut = same_bones & (bones >= 2) & one.vowelless[a] & (one.lengths[a] > 2)
    # Dropped vowels bring letters together that look like one sound: CACTUS, CCTS.
    cut |= (one.consonants[a] == two.consonants[b]) & one.vowelless[a]
    made[cut] = np.maximum(made[cut], NO_VOWELS)
    begins = (one.beginnings[a] == two.beginnings[b]) & (shorter >= _LEAST_BEGINNING)
    for i in np.flatnonzero(begins & (made < BEGINS)).tolist():
        word, other = sorted((one.texts[a[i]], two.texts[b[i]]), key=len)
        if other.startswith(word):
            made[i] = BEGINS
    letter = (shorter == 1) & (one.initials[a] == two.initials[b])
    made[shorter == 1] = 0.0
    made[letter] = INITIAL
    same_sound = one.sound_hashes[a] == two.sound_hashes[b]
    other_sound = (one.other_sound_hashes[a] == two.sound_hashes[b]) | (
        one.sound_hashes[a] == two.other_sound_hashes[b]
    )
    made[same_sound | (other_sound & (shorter >= _LEAST_BEGINNING))] = SOUNDS_SAME
    for i in np.flatnonzero(same_sound).tolist():
        if one.texts[a[i]] == two.texts[b[i]]:
            made[i] = SAME
    return made


def _close(
    one: Sequence[str], two: Sequence[str], lengths_a: Integers, lengths_b: Integers,
    letters_a: Integers, letters_b: Integers, a: Integers, b: Integers,
) -> Floats:  # fmt: skip
    """Likeness by edits; computed only where lengths and letters leave room for it."""
    made = np.zeros(len(a))
    edits = (1 - _LEAST_LIKENESS) * np.maximum(lengths_a[a], lengths_b[b]) + 1e-9
    bits_a, bits_b = letters_a[a], letters_b[b]
    room = (
        (np.abs(lengths_a[a] - lengths_b[b]) <= edits)
        & (np.bitwise_count(bits_a & ~bits_b) <= edits)
        & (np.bitwise_count(bits_b & ~bits_a) <= edits)
    )
    chosen = np.flatnonzero(room)
    if len(chosen):
        made[chosen] = process.cpdist(
            [one[i] for i in a[chosen].tolist()],
            [two[i] for i in b[chosen].tolist()],
            scorer=OSA.normalized_similarity,
            dtype=np.float64,
        )
    return made


@dataclass(frozen=True)
class Meetings:
    """Accepted meetings: the pair of names, the units on both sides, how alike they are."""

    pair: Integers
    asked: Integers
    listed: Integers
    asked_mask: Integers
    listed_mask: Integers
    likeness: Floats


def align(
    asked: Units, listed: Units, query_of: Integers, name_of: Integers, weights: Floats,
    persons: Flags,
) -> Meetings:  # fmt: skip
    """Meet the words of each pair of names.

    Args:
        asked: Units of the payments' names.
        listed: Units of the listed names.
        query_of: Position of each pair's name in a payment.
        name_of: Position of each pair's listed name.
        weights: Nats of each listed unit: of two meetings that exclude each other the
            likelier and then the more telling one is taken.
        persons: Which listed names are persons': their names alone are written as initials.
    """
    pair, at_a, at_b = _comparable(asked, listed, query_of, name_of)
    several_a, several_b = asked.signs.several[at_a], listed.signs.several[at_b]
    sounds_a, sounds_b = asked.words.sound_hashes, listed.words.sound_hashes
    # Joined words on both sides can only mean a blank that moved: nothing else need be compared.
    possible = ~(several_a & several_b)
    both = np.flatnonzero(~possible)
    possible[both] = sounds_a[asked.ids[at_a[both]]] == sounds_b[listed.ids[at_b[both]]]
    kept = np.flatnonzero(possible)
    pair, at_a, at_b = pair[kept], at_a[kept], at_b[kept]
    several_a, several_b = several_a[kept], several_b[kept]
    a, b = asked.ids[at_a], listed.ids[at_b]
    keys, place_of = np.unique(a * len(listed.words.texts) + b, return_inverse=True)
    known = likeness(asked.words, listed.words, *np.divmod(keys, len(listed.words.texts)))
    like = known[place_of]
    like[(like == INITIAL) & ~persons[name_of][pair]] = 0.0
    like[(several_a | several_b) & (like < _LEAST_JOINED_LIKENESS)] = 0.0
    # Words that meet one by one come first.
    like[several_a & several_b] = MOVED_BLANK
    kept = np.flatnonzero(like)
    order = kept[np.lexsort((at_b[kept], at_a[kept], -weights[b[kept]], -like[kept], pair[kept]))]
    chosen = order[_first_come(pair[order], asked.masks[at_a[order]], listed.masks[at_b[order]])]
    return Meetings(
        pair[chosen], a[chosen], b[chosen],
        asked.masks[at_a[chosen]], listed.masks[at_b[chosen]], like[chosen],
    )  # fmt: skip


def _comparable(
    asked: Units, listed: Units, query_of: Integers, name_of: Integers
) -> tuple[Integers, Integers, Integers]:
    """The pair and the places of all units of its names that may be alike; few others."""
    count_a, count_b = np.diff(asked.starts)[query_of], np.diff(listed.starts)[name_of]
    pair, at_a, at_b = ([np.empty(0, np.int64)] for _ in range(3))
    for rows, wide, high in _of_one_size(count_a, count_b):
        places_a = asked.starts[query_of[rows]][:, None, None] + np.arange(wide)[:, None]
        places_b = listed.starts[name_of[rows]][:, None, None] + np.arange(high)
        alike = _may_be_alike(asked.signs.at(places_a), listed.signs.at(places_b))
        row, cell = np.divmod(np.flatnonzero(alike), wide * high)
        i, j = np.divmod(cell, high)
        pair.append(rows[row])
        at_a.append(places_a[row, i, 0])
        at_b.append(places_b[row, 0, j])
    return np.concatenate(pair), np.concatenate(at_a), np.concatenate(at_b)


def _of_one_size(count_a: Integers, count_b: Integers) -> Iterator[tuple[Integers, int, int]]:
    """Pairs of names that have as many units, and how many: their units make a block."""
    size = count_a * (int(count_b.max(initial=0)) + 1) + count_b
    order = np.argsort(size, kind="stable")
    edges = np.flatnonzero(np.diff(size[order], prepend=-1, append=-1))
    for begin, end in pairwise(edges.tolist()):
        wide, high = int(count_a[order[begin]]), int(count_b[order[begin]])
        step = max(_CELLS_AT_ONCE // max(wide * high, 1), 1)
        for start in range(begin, end, step):
            yield order[start : min(start + step, end)], wide, high


def _may_be_alike(a: Signs, b: Signs) -> Flags:
    """All units that `likeness` would find alike, and few others."""
    longer = np.maximum(a.lengths, b.lengths)
    spared = np.minimum(a.spared, b.spared)
    edits = spared * longer + _ROOM_SLACK
    found: Flags = (
        (np.abs(a.lengths - b.lengths) <= edits)
        & (np.bitwise_count(a.letters & ~b.letters) <= edits)
        & (np.bitwise_count(b.letters & ~a.letters) <= edits)
    )
    edits = spared * np.maximum(a.sound_lengths, b.sound_lengths) + _ROOM_SLACK
    found |= (
        (np.abs(a.sound_lengths - b.sound_lengths) <= edits)
        & (np.bitwise_count(a.sound_letters & ~b.sound_letters) <= edits)
        & (np.bitwise_count(b.sound_letters & ~a.sound_letters) <= edits)
    )
    found |= (np.minimum(a.lengths, b.lengths) == 1) & (a.initials == b.initials)
    for one, two in (
        (a.sounds, b.sounds), (a.sounds, b.other_sounds), (a.other_sounds, b.sounds),
        (a.bones, b.bones), (a.consonants, b.consonants), (a.beginnings, b.beginnings),
    ):  # fmt: skip
        found |= one == two
    return found


def _first_come(pair: Integers, mask_a: Integers, mask_b: Integers) -> Integers:
    """Positions of the entries that are taken, pair by pair in their order, no word twice."""
    if not len(pair):
        return np.empty(0, np.int64)
    firsts = np.flatnonzero(np.diff(pair, prepend=-1))
    lengths = np.diff(firsts, append=len(pair))
    taken_a = np.zeros(len(firsts), np.int64)
    taken_b = np.zeros(len(firsts), np.int64)
    accepted = []
    for turn in range(int(lengths.max())):
        still = np.flatnonzero(lengths > turn)
        at = firsts[still] + turn
        free = ((taken_a[still] & mask_a[at]) | (taken_b[still] & mask_b[at])) == 0
        taken_a[still[free]] |= mask_a[at[free]]
        taken_b[still[free]] |= mask_b[at[free]]
        accepted.append(at[free])
    return np.concatenate(accepted)


def units_of(names: Sequence[Sequence[str]], turned: Sequence[bool] = ()) -> Units:
    """Units of names: their words, then neighbours joined.

    Args:
        names: The folded words of each name.
        turned: Names that may also stand with their last word first.
    """
    texts: list[str] = []
    starts, masks = [0], []
    for name, whole in enumerate(names):
        words = whole[:MOST_WORDS]
        texts += words
        texts += map(add, words, words[1:])
        masks += _MASKS[len(words)]
        for i in range(len(words) - 2):
            if words[i + 1] in _ARTICLES or max(map(len, words[i : i + 3])) < _SYLLABLE:
                texts.append("".join(words[i : i + 3]))
                masks.append(7 << i)
        if turned and turned[name] and len(words) > 1:
            texts.append(words[-1] + words[0])
            masks.append(1 << (len(words) - 1) | 1)
        starts.append(len(texts))
    known = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    return Units(
        Words.of(list(known)),
        np.asarray(starts, np.int64),
        np.fromiter(map(known.__getitem__, texts), np.int64, len(texts)),
        np.asarray(masks, np.int64),
    )


@lru_cache(maxsize=1 << 16)
def word_likeness(one: str, two: str) -> float:
    """How alike two folded words are; for the few pairs that evidence shows."""
    first, second = Words.of([one]), Words.of([two])
    place = np.zeros(1, np.int64)
    return float(likeness(first, second, place, place)[0])
