"""By what a name is found: the features of its letters and words, and its telling words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from scanner.screening.rarity import generic_words

_LEAST_LOOKUP_LETTERS = 4
_LEAST_LETTERS_ALONE = 6
_MOST_WORDS_WITH_INITIALS = 5
_VOWEL_SHARE_OF_NONE = 0.12
_NO_VOWELS = str.maketrans("", "", "AEIOU")


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_BEGIN, _END = "^$"
_Integers = np.ndarray[Any, np.dtype[np.int64]]


class Triples:
    """The numbers of letter triples among the features, for many names at once."""

    _codes = np.zeros(256, np.int32)
    _codes[list((_LETTERS + _BEGIN + _END).encode())] = np.arange(1, len(_LETTERS) + 3)
    _base = len(_LETTERS) + 3

    def __init__(self, feature_ids: Mapping[str, int]) -> None:
        """Take the features' numbers; those that are no triples are passed over."""
        triples = [text for text in feature_ids if len(text) == 3 and text[0] not in "=~"]
        triples = [text for text in triples if text[1] != "."]
        self._ids = np.full(self._base**3, -1, np.int32)
        self._ids[self._numbers("".join(triples))[::3]] = [feature_ids[t] for t in triples]

    def of(self, joined: Sequence[str]) -> _Integers:
        """The numbers of the triples of each name, one after the other; -1 where there is none.

        A name has as many as letters.
        """
        text = _BEGIN + f"{_END}{_BEGIN}".join(joined) + _END
        codes = self._codes[np.frombuffer(text.encode("ascii", "replace"), np.uint8)]
        is_end = codes == self._codes[ord(_END)]
        found: _Integers = self._ids[self._numbers(text)][~(is_end[:-2] | is_end[1:-1])]
        return found.astype(np.int64)

    def _numbers(self, text: str) -> Any:
        """A number of each three letters of a text."""
        codes = self._codes[np.frombuffer(text.encode("ascii", "replace"), np.uint8)]
        return (codes[:-2] * self._base + codes[1:-1]) * self._base + codes[2:]


def features_of(sounds: Sequence[str], skeletons: Sequence[str]) -> list[str]:
    """Features of a name: letter triples of its joined sound, and its words' skeletons."""
    joined = f"^{''.join(sounds)}$"
    found = [joined[i : i + 3] for i in range(len(joined) - 2)] or [joined]
    found += [f"={bone}" for bone in skeletons if len(bone) > 1]
    return found


def person_features(
    words: Sequence[str], sounds: tuple[str, ...], bones: Sequence[str], surname_words: int
) -> list[str]:
    """Features of a person's name under initials, and with the surname first."""
    if not surname_words:
        return []
    swapped = features_of(turned(sounds, surname_words), ())
    return (
        initial_features(words, bones)
        + swapped
        + consonant_features(turned(tuple(bones), surname_words))
    )


def initial_features(words: Sequence[str], bones: Sequence[str]) -> list[str]:
    """Each word's first letter with another word: finds a person whose names are initials."""
    if not 1 < len(words) <= _MOST_WORDS_WITH_INITIALS:
        return []
    return [
        f"{word[0]}.{other}"
        for i, word in enumerate(words)
        for j, other in enumerate(bones)
        if i != j and len(words[j]) > 1
    ]


def consonant_features(bones: Sequence[str]) -> list[str]:
    """Consonant triples of the joined words: finds a name whose vowels were left out."""
    joined = f"<{''.join(bones)}>"
    return [f"~{joined[i : i + 3]}" for i in range(len(joined) - 2)]


def few_vowels(words: Sequence[str]) -> bool:
    """Whether a name is written almost without vowels; those that begin a word are kept."""
    letters = "".join([word[1:] for word in words])
    vowels = len(letters) - len(letters.translate(_NO_VOWELS))
    return vowels <= _VOWEL_SHARE_OF_NONE * len(letters)


def turned(words: tuple[str, ...], surname_words: int) -> tuple[str, ...]:
    """A natural name's words with the surname first."""
    return words[len(words) - surname_words :] + words[: len(words) - surname_words]


def lookups_of(words: Sequence[str], sounds: Sequence[str], quality: str) -> list[str]:
    """Sounds of a name's telling words; none of a name of one word that may be any word."""
    if len(words) == 1 and (len(words[0]) < _LEAST_LETTERS_ALONE or quality == "weak"):
        return []
    generic = generic_words()
    return [
        sound
        for word, sound in zip(words, sounds, strict=True)
        if len(word) >= _LEAST_LOOKUP_LETTERS and word not in generic
    ]
