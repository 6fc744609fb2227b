"""One key for the spellings of one word: romanisations, doubled letters, silent signs.

The rules fold what transliteration systems write differently (ICAO, GOST,
BGN/PCGN, scientific, German, French, Turkish; Arabic vowels and articles), so
that Shcherbakov, Ščerbakov and Schtscherbakow share a key. Two different words
may share one too: a key finds candidates, it decides nothing.
"""

import re
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

Letters = NDArray[np.uint8]
_RULES: tuple[tuple[str, str], ...] = (
    ("SCHTSCH", "Q"), ("CHTCH", "Q"), ("SHCH", "Q"), ("STSCH", "Q"), ("SCH", "S"), ("TSCH", "C"),
    ("TCH", "C"), ("DZH", "J"), ("DSCH", "J"), ("DJ", "J"), ("ZH", "J"), ("CZ", "C"),
    ("SZ", "S"), ("KH", "H"), ("GH", "G"), ("SH", "S"), ("CH", "C"), ("PH", "F"), ("TH", "T"),
    ("TZ", "TS"), ("TS", "C"), ("CK", "K"), ("X", "KS"), ("W", "V"),
    ("AE", "A"), ("OE", "O"), ("UE", "U"),
    ("OU", "U"), ("OO", "U"), ("EE", "I"), ("YU", "U"), ("IU", "U"), ("JU", "U"),
    ("YA", "A"), ("IA", "A"), ("JA", "A"), ("YO", "O"), ("JO", "O"), ("YE", "E"), ("IE", "E"),
    ("JE", "E"), ("IY", "I"), ("YI", "I"), ("II", "I"), ("YY", "I"), ("EI", "I"), ("AI", "I"),
    ("AY", "I"), ("EY", "I"), ("Y", "I"), ("J", "I"), ("Q", "K"), ("C", "K"),
)  # fmt: skip
_ANY_RULE = "|".join(re.escape(a) for a, _ in _RULES)
_PATTERN = re.compile(_ANY_RULE)
_PARTED = re.compile(f"({_ANY_RULE})")
_DOUBLED = re.compile(r"(.)\1+")
_NO_VOWELS = str.maketrans("", "", "AEIOU")
_ANY_VOWEL = str.maketrans("EIOU", "AAAA")
_CLUSTERS = {
    "SCHTSCH": "SK", "CHTCH": "SK", "SHCH": "SK", "STSCH": "SK", "ZH": "Z", "DZH": "Z", "DJ": "Z",
    "DSCH": "Z", "TSCH": "K", "TCH": "K", "CZ": "K", "TS": "K", "TZ": "K",
}  # fmt: skip
_TABLE = dict(_RULES) | _CLUSTERS


_MOST_REMEMBERED = 1 << 18
_END, _MUTE = b"\nH"
_IS_VOWEL = np.zeros(256, np.bool_)
_IS_VOWEL[list(b"AEIOU")] = True
_FIRST_LETTER = np.arange(256, dtype=np.uint8)
_FIRST_LETTER[list(b"EIOU")] = ord("A")


class _Remembered(dict[str, str]):
    """Keys of words, each made when it is first asked for; all forgotten where they are many."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        made = self[word] = self._make(word)
        return made


def _sound(word: str) -> str:
    made = _mapped(word)
    made = made.replace("H", "") if len(made) > 2 else made
    return _without_doubles(made) or word


def _skeleton(word: str) -> str:
    made = _mapped(word)
    made = made.rstrip("H") or made
    return _without_doubles(made[:1].translate(_ANY_VOWEL) + made[1:].translate(_NO_VOWELS))


_sounds = _Remembered(_sound)
_skeletons = _Remembered(_skeleton)


def sound_key(word: str) -> str:
    """The key of one folded word."""
    return _sounds[word]


def skeleton(word: str) -> str:
    """The consonants, with the first letter: what is left when vowels are dropped.

    An H counts, because nothing else is left of HSN for Hassan; at a word's end it is mute.
    A vowel that begins a word stands for any: YURIEVICH is YRVCH where vowels are dropped.
    """
    return _skeletons[word]


def sound_keys(words: Iterable[str]) -> tuple[str, ...]:
    """The keys of folded words."""
    return tuple(map(_sounds.__getitem__, words))


def skeletons(words: Iterable[str]) -> tuple[str, ...]:
    """The skeletons of folded words."""
    return tuple(map(_skeletons.__getitem__, words))


def learn(words: Iterable[str]) -> None:
    """Make the keys of many folded words at once, to be asked for: a third of the time."""
    new = [word for word in words if word not in _sounds and word.isascii() and word.isalnum()]
    if not new:
        return
    if len(_sounds) + len(new) > _MOST_REMEMBERED:
        _sounds.clear()
        _skeletons.clear()
    parts = _PARTED.split("\n".join(new) + "\n")
    parts[1::2] = map(_TABLE.__getitem__, parts[1::2])
    made = _once(np.frombuffer("".join(parts).encode(), np.uint8))
    ends = np.flatnonzero(made == _END)
    starts = np.append(0, ends[:-1] + 1)
    lengths = ends - starts
    is_mute = (made == _MUTE) & np.repeat(lengths > 2, lengths + 1)
    _sounds.update(zip(new, _texts(_once(made[~is_mute])), strict=True))
    gone = _IS_VOWEL[made]
    gone[starts] = False
    gone[ends - 1] |= (made[ends - 1] == _MUTE) & (lengths > 1)
    bones = made.copy()
    bones[starts] = _FIRST_LETTER[bones[starts]]
    _skeletons.update(zip(new, _texts(_once(bones[~gone])), strict=True))


def _once(letters: Letters) -> Letters:
    """No letter twice, one behind the other."""
    found: Letters = letters[np.append(True, letters[1:] != letters[:-1])]
    return found


def _texts(letters: Letters) -> list[str]:
    return letters.tobytes().decode().split("\n")[:-1]


def _mapped(word: str) -> str:
    """The letter groups of all romanisations as one, no letter twice."""
    return _without_doubles(_PATTERN.sub(_written_alike, word))


def _written_alike(found: re.Match[str]) -> str:
    return _TABLE[found[0]]


def _without_doubles(text: str) -> str:
    return _DOUBLED.sub(_one_of_them, text)


def _one_of_them(found: re.Match[str]) -> str:
    # A template such as "\1" is put together in Python for each match.
    return found[0][0]
