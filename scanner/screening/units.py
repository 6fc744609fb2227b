"""Units of names: their words, and neighbours joined, with what comparing them needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import add
from typing import Any

import numpy as np

from scanner.names.sound import learn, skeletons, sound_keys

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Signs = np.ndarray[Any, np.dtype[np.void]]

MOST_JOINED = 3
"""Words that one unit may join."""
MOST_WORDS = 30
LEAST_BEGINNING = 4
"""Letters of the least word that another may begin with."""
_ARTICLES = frozenset(("AL", "EL", "UL", "AD", "AN", "AR", "AS", "AZ", "IL"))
_SYLLABLE = 5
_MASKS = [
    [*(1 << i for i in range(count)), *(3 << i for i in range(count - 1))]
    for count in range(MOST_WORDS + 1)
]
"""Bits of the words of a name's first units: each word, then neighbours joined."""
_MOST_LETTERS = 255
_SPARED_OF_256 = (0, 0, 0, 86, 86, 103)
"""Edits that a letter of the longer word leaves room for, in parts of 256 and rounded up, where
the shorter has so many letters or, at the end, more. Three letters may have one other."""
_SPARED_OF_JOINED = 31
"""Those of a unit that joins words."""
_IS_VOWEL = np.zeros(256, np.bool_)
_IS_VOWEL[list(b"AEIOU")] = True


class _Letters:
    """The letters of texts, one behind the other."""

    def __init__(self, codes: Any, lengths: Integers) -> None:
        self.codes, self.lengths = codes, lengths
        self._starts = np.cumsum(lengths) - lengths
        self.places = np.arange(len(codes)) - np.repeat(self._starts, lengths)

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Letters":
        joined = "".join(texts).encode("ascii", "replace")
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        return cls(np.frombuffer(joined, np.uint8), lengths)

    def firsts(self) -> Any:
        """The first letter of each text, which must have one."""
        return self.codes[self._starts]

    def bits(self) -> Integers:
        """The letters of each text as bits."""
        return self._reduced(np.bitwise_or, np.int64(1) << (self.codes & 31).astype(np.int64))

    def counts(self, chosen: Flags) -> Integers:
        """How many letters of each text are chosen."""
        return self._reduced(np.add, chosen.astype(np.int64))

    def hashes(self) -> Hashes:
        """Numbers that are equal where texts are."""
        found: Hashes = self._reduced(np.add, self._hashed()).view(np.uint64)
        return found

    def hashes_of_beginnings(self, letters: int) -> Hashes:
        """Numbers that are equal where the texts' first letters are."""
        begun = np.where(self.places < letters, self._hashed(), 0)
        found: Hashes = self._reduced(np.add, begun).view(np.uint64)
        return found

    def without(self, gone: Flags) -> "_Letters":
        """The texts without some letters."""
        return _Letters(self.codes[~gone], self.lengths - self.counts(gone))

    def _hashed(self) -> Integers:
        # Each place has a factor of its own: sums of 64 bits are equal by chance only.
        factors = _factors(1 << int(self.lengths.max(initial=1)).bit_length())
        hashed: Integers = factors[self.places] * (self.codes.astype(np.int64) + 1)
        return hashed

    def _reduced(self, operation: Any, values: Integers) -> Integers:
        if not len(values):
            return np.zeros(len(self.lengths), np.int64)
        made = operation.reduceat(values, np.minimum(self._starts, len(values) - 1))
        found: Integers = np.where(self.lengths > 0, made, 0)
        return found


def hashes(texts: Sequence[str]) -> Hashes:
    """Numbers that are equal where folded texts are, and by chance in one of 2^64."""
    return _Letters.of(texts).hashes()


@cache
def _factors(count: int) -> Integers:
    return np.random.default_rng(11).integers(-(1 << 63), 1 << 63, count, np.int64) | 1


class Words:
    """Distinct units (words and neighbours joined) with what comparing them needs.

    Hashes are equal where what they are of is equal, and by chance in one of 2^64.
    """

    def __init__(self, texts: Sequence[str], sounds: Sequence[str], bones: Sequence[str]) -> None:
        """Take distinct folded words, their sounds and their skeletons."""
        self.texts, self.sounds, self.bones = texts, sounds, bones
        letters, sound_letters, bone_letters = map(_Letters.of, (texts, sounds, bones))
        self.lengths: Integers = letters.lengths
        self.letters = letters.bits()
        self.hashes = letters.hashes()
        self.sound_lengths: Integers = sound_letters.lengths
        self.sound_letters = sound_letters.bits()
        self.sound_hashes = sound_letters.hashes()
        self.bone_lengths: Integers = bone_letters.lengths
        self.bone_hashes = bone_letters.hashes()
        self.initials = letters.firsts().astype(np.int64)
        self.beginnings = letters.hashes_of_beginnings(LEAST_BEGINNING)
        is_vowel = _IS_VOWEL[letters.codes]
        dropped = is_vowel & (letters.places > 0)
        self.consonants = letters.without(dropped).hashes()
        # A word of two letters says something without vowels where the first is none either.
        long = self.lengths > np.where(_IS_VOWEL[letters.firsts()], 2, 1)
        self.vowelless: Flags = long & (letters.counts(dropped) == 0)
        # French and Turkish write ZH as J.
        french = np.flatnonzero(self.initials == ord("J"))
        other = sound_keys(f"ZH{texts[i][1:]}" for i in french.tolist())
        self.other_sound_hashes = self.sound_hashes.copy()
        self.other_sound_hashes[french] = _Letters.of(other).hashes()

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Words":
        """Prepare distinct folded words."""
        learn(texts)
        return cls(texts, sound_keys(texts), skeletons(texts))


SIGNS = np.dtype(
    [
        ("letters", "u4"), ("sound_letters", "u4"),
        ("sounds", "u2"), ("other_sounds", "u2"), ("bones", "u2"), ("consonants", "u2"),
        ("beginnings", "u2"), ("spared", "u1"), ("lengths", "u1"), ("sound_lengths", "u1"),
        ("initials", "u1"),
    ],
    align=True,
)  # fmt: skip
"""What tells at once that two units are nothing to each other.

Letters as bits and those of the sound; then what is equal where both are, and by chance: the sound,
the sound where J is French, the skeleton, the unit without vowels, a single word's first letters;
then edits that a letter leaves room for in parts of 256, letters, those of the sound, and a single
word's first letter.
"""


def _signs_of(words: Words, ids: Integers, masks: Integers) -> Signs:
    """The signs of units in their order."""
    several = (masks & (masks - 1)) != 0
    of_word = np.zeros(len(words.texts), SIGNS)
    of_word["letters"], of_word["sound_letters"] = words.letters, words.sound_letters
    for name, hashes in (
        ("sounds", words.sound_hashes), ("other_sounds", words.other_sound_hashes),
        ("bones", words.bone_hashes), ("consonants", words.consonants),
        ("beginnings", words.beginnings),
    ):  # fmt: skip
        of_word[name] = hashes >> np.uint64(48)
    of_word["lengths"] = np.minimum(words.lengths, _MOST_LETTERS)
    of_word["sound_lengths"] = np.minimum(words.sound_lengths, _MOST_LETTERS)
    spared = np.array(_SPARED_OF_256, np.uint8)
    of_word["spared"] = spared[np.minimum(words.lengths, len(spared) - 1)]
    of_word["initials"] = words.initials
    made: Signs = of_word[ids]
    made["spared"][several] = np.minimum(made["spared"][several], _SPARED_OF_JOINED)
    # Joined words neither begin another nor are meant by a letter: none is equal to theirs.
    made["initials"][several] = 0
    made["beginnings"][several] = np.flatnonzero(several) & 0xFFFF
    return made


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
        return _signs_of(self.words, self.ids, self.masks)


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
