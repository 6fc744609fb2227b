"""One key for the spellings of one word: romanisations, doubled letters, silent signs.

The rules fold what transliteration systems write differently (ICAO, GOST,
BGN/PCGN, scientific, German, French, Turkish; Arabic vowels and articles), so
that Shcherbakov, Ščerbakov and Schtscherbakow share a key. Two different words
may share one too: a key finds candidates, it decides nothing.
"""

import re
from functools import lru_cache

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
_FIRST = "|".join(re.escape(a) for a, _ in _RULES)
_PATTERN = re.compile(_FIRST)
_DOUBLED = re.compile(r"(.)\1+")
_NO_VOWELS = str.maketrans("", "", "AEIOU")
_ANY_VOWEL = str.maketrans("EIOU", "AAAA")
_CLUSTERS = {
    "SCHTSCH": "SK", "CHTCH": "SK", "SHCH": "SK", "STSCH": "SK", "ZH": "Z", "DZH": "Z", "DJ": "Z",
    "DSCH": "Z", "TSCH": "K", "TCH": "K", "CZ": "K", "TS": "K", "TZ": "K",
}  # fmt: skip
_TABLE = dict(_RULES) | _CLUSTERS


@lru_cache(maxsize=1 << 18)
def sound_key(word: str) -> str:
    """The key of one folded word."""
    made = _mapped(word)
    made = made.replace("H", "") if len(made) > 2 else made
    return _without_doubles(made) or word


@lru_cache(maxsize=1 << 18)
def skeleton(word: str) -> str:
    """The consonants, with the first letter: what is left when vowels are dropped.

    An H counts, because nothing else is left of HSN for Hassan; at a word's end it is mute.
    A vowel that begins a word stands for any: YURIEVICH is YRVCH where vowels are dropped.
    """
    made = _mapped(word)
    made = made.rstrip("H") or made
    return _without_doubles(made[:1].translate(_ANY_VOWEL) + made[1:].translate(_NO_VOWELS))


@lru_cache(maxsize=1 << 16)
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
