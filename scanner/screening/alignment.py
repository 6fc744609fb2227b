"""Which words of two names meet: all pairs of a batch at once, one word for one word.

Distinct pairs of words are compared once; then each pair of names takes its
best meeting first, and no word meets twice. Two neighbouring words may meet one
(a name joined or broken at a line's end). A single letter may stand for a word
that begins with it, a word without vowels for one with its consonants, and a
cut word for one that it begins.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
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
        self.consonants = _hashes([text[:1] + _VOWEL.sub("", text[1:]) for text in texts])
        self.beginnings = _hashes([text[:_LEAST_BEGINNING] for text in texts])

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Words":
        """Prepare distinct folded words."""
        sounds = [sound_key(text) for text in texts]
        vowelless = np.fromiter(
            (
                (len(t) > 2 or (len(t) > 1 and t[0] not in _VOWELS))
                and not _VOWELS.intersection(t[1:])
                for t in texts
            ),
            np.bool_,
            len(texts),
        )
        bones = [skeleton(text) for text in texts]
        return cls(texts, sounds, bones, _letters(texts), _letters(sounds), vowelless)


def _letters(texts: Sequence[str]) -> Integers:
    """The letters of each text as bits."""
    made = np.zeros(len(texts), np.int64)
    for i, text in enumerate(texts):
        bits = 0
        for character in text:
            bits |= 1 << (ord(character) & 31)
        made[i] = bits
    return made


def _hashes(texts: Sequence[str]) -> Integers:
    """Numbers that are equal where texts are; only within one process."""
    return np.fromiter(map(hash, texts), np.int64, len(texts))


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
    count_a = np.diff(asked.starts)[query_of]
    count_b = np.diff(listed.starts)[name_of]
    total = count_a * count_b
    pair = np.repeat(np.arange(len(query_of)), total)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(total) - total, total)
    i, j = np.divmod(place, np.repeat(count_b, total))
    at_a = np.repeat(asked.starts[query_of], total) + i
    at_b = np.repeat(listed.starts[name_of], total) + j
    several_a, several_b = _several(asked.masks)[at_a], _several(listed.masks)[at_b]
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
    order = kept[np.lexsort((-weights[b[kept]], -like[kept], pair[kept]))]
    chosen = order[_first_come(pair[order], asked.masks[at_a[order]], listed.masks[at_b[order]])]
    return Meetings(
        pair[chosen], a[chosen], b[chosen],
        asked.masks[at_a[chosen]], listed.masks[at_b[chosen]], like[chosen],
    )  # fmt: skip


def _several(masks: Integers) -> Flags:
    found: Flags = (masks & (masks - 1)) != 0
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
    known: dict[str, int] = {}
    starts, ids, masks = [0], [], []
    for name, whole in enumerate(names):
        words = whole[:MOST_WORDS]
        units = [(word, 1 << i) for i, word in enumerate(words)]
        units += [(a + b, 3 << i) for i, (a, b) in enumerate(pairwise(words))]
        units += [
            ("".join(words[i : i + 3]), 7 << i)
            for i in range(len(words) - 2)
            if words[i + 1] in _ARTICLES or max(map(len, words[i : i + 3])) < _SYLLABLE
        ]
        if turned and turned[name] and len(words) > 1:
            units.append((words[-1] + words[0], 1 << (len(words) - 1) | 1))
        for text, mask in units:
            ids.append(known.setdefault(text, len(known)))
            masks.append(mask)
        starts.append(len(ids))
    return Units(
        Words.of(list(known)),
        np.asarray(starts, np.int64),
        np.asarray(ids, np.int64),
        np.asarray(masks, np.int64),
    )


@lru_cache(maxsize=1 << 16)
def word_likeness(one: str, two: str) -> float:
    """How alike two folded words are; for the few pairs that evidence shows."""
    first, second = Words.of([one]), Words.of([two])
    place = np.zeros(1, np.int64)
    return float(likeness(first, second, place, place)[0])
