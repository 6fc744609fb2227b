"""Words of a text with their places, and the spellings under which a phrase is looked for.

A bank's text is Latin capitals at best: Turkish without its dots, Russian in
one of several romanisations or in the SWIFT RUR6 table, Cyrillic itself, words
spelled l e t t e r by letter. Each word is folded once (and remembered), each
phrase is stored under every spelling, and inflected endings are taken off, so
that a look-up stays one step per word however long the phrase list is.

Pure: no files, no clock. Romanisation follows BGN/PCGN (anyascii) and SWIFT's
character table RUR6.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

# A soft sign is romanised as an apostrophe, and Turkish sets one before an ending.
_WORD = re.compile(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+)*")
_CLAUSE_BREAK = re.compile(r"[;+•]|[.!?]\s|\n\s*[-*]")
_CACHE = 30_000
# 35 is the width of an MT text line, 50 of narrative, 65 of a credit's clauses.
_LINE_WIDTHS = (35, 50, 65)
_SPACED_LETTERS = 4

_TURKISH_ENDINGS = (
    "LARININ", "LERININ", "LARINDAN", "LERINDEN", "LARI", "LERI", "LARIN", "LERIN", "LAR", "LER",
    "SININ", "NIN", "NUN", "DAN", "DEN", "SI", "SU", "IN", "UN", "I", "U", "YA", "YE", "A", "E",
)  # fmt: skip
_RUSSIAN_ENDINGS = (
    "OGO", "EGO", "OMU", "EMU", "AMI", "IMI", "OV", "EV", "IH", "AH", "AM", "OM", "EM", "IM",
    "OI", "EI", "AI", "OE", "EE", "A", "U", "E", "I", "O",
)  # fmt: skip
# Endings of adjectives as RUR6 writes them, where Y stays Y and AA is a feminine.
_RUR6_ENDINGS = (
    "YMI", "YE", "IE", "YI", "II", "YH", "YM", "AA", "UU", "Y",
)  # fmt: skip
_ROMANISATION = (
    ("SHCH", "W"), ("SCH", "W"), ("SH", "Q"), ("ZH", "J"), ("KH", "H"), ("TCH", "4"), ("CH", "4"),
    ("TS", "C"), ("TC", "C"), ("IYE", "E"), ("IYA", "IA"), ("YA", "A"), ("IA", "A"), ("JA", "A"),
    ("YU", "U"), ("IU", "U"), ("JU", "U"), ("YE", "E"), ("JE", "E"), ("IE", "E"), ("YO", "E"),
    ("Y", "I"),
)  # fmt: skip
_RUR6 = dict(
    zip(
        "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
        "ABVGDEOJZIIKLMNOPRSTUFHCCQQXYXEUA",
        strict=True,
    )
)
# A lower-case L among capitals is an I that was read or typed wrong.
_L_AMONG_CAPITALS = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Z0-9l']*l[A-Z0-9l']*")
_LOOK_ALIKE = str.maketrans("0135478", "OIESATB")
_CYRILLIC = re.compile(r"[\u0400-\u04FF]")


class Word(NamedTuple):
    """One word of a text.

    Attributes:
        folded: Upper-case Latin letters and digits.
        start: First character in the text.
        end: One past the last character.
        clause: Number of the clause that holds it.
        is_spaced: Written letter by letter, such as `I R A N`.
    """

    folded: str
    start: int
    end: int
    clause: int
    is_spaced: bool = False


@lru_cache(maxsize=_CACHE)
def fold(word: str) -> str:
    """Upper-case Latin form of a word: diacritics off, other scripts romanised."""
    if word.isascii():
        if "l" in word and _L_AMONG_CAPITALS.fullmatch(word):
            word = word.replace("l", "I")
        return word.upper().replace("'", "")
    plain = unicodedata.normalize("NFKD", word)
    latin = anyascii("".join(c for c in plain if not unicodedata.combining(c)))
    return re.sub(r"[^A-Z0-9]", "", latin.upper())


def words_of(text: str) -> list[Word]:
    """Cut a text into words with exact places.

    Four or more single letters in a row, apart by one character each, become
    one word: nobody writes a firm's or a country's name that way by chance.
    """
    found: list[Word] = []
    clause = 0
    last = 0
    for match in _WORD.finditer(text):
        start = match.start()
        if last and text[last:start] != " " and _CLAUSE_BREAK.search(text, last, start):
            clause += 1
        word = match[0]
        folded = word if word.isdecimal() and word.isascii() else fold(word)
        last = match.end()
        if folded:
            found.append(Word(folded, start, last, clause))
    if sum(len(word.folded) == 1 for word in found) < _SPACED_LETTERS:
        return found
    return _joined_letters(text, found)


def plain_words(text: str) -> list[str] | None:
    """The folded words of a text as `words_of` cuts them, without their places.

    Returns:
        None where letters that stand apart may be joined to a word.
    """
    found = [
        folded
        for word in _WORD.findall(text)
        if (folded := word if word.isdecimal() and word.isascii() else fold(word))
    ]
    return None if sum(len(word) == 1 for word in found) >= _SPACED_LETTERS else found


def _joined_letters(text: str, words: list[Word]) -> list[Word]:
    made: list[Word] = []
    at = 0
    while at < len(words):
        upto = at
        while (
            upto < len(words)
            and len(words[upto].folded) == 1
            and words[upto].folded.isalpha()
            and (upto == at or _is_letter_gap(text, words[upto - 1].end, words[upto].start))
        ):
            upto += 1
        if upto - at >= _SPACED_LETTERS:
            first, last = words[at], words[upto - 1]
            joined = "".join(word.folded for word in words[at:upto])
            made.append(Word(joined, first.start, last.end, first.clause, is_spaced=True))
            at = upto
        else:
            made.append(words[at])
            at += 1
    return made


def _is_letter_gap(text: str, start: int, end: int) -> bool:
    return end - start == 1 and text[start] in " .-_*"


def unwrapped(text: str) -> tuple[str, list[int]] | None:
    """The text without the line breaks that cut a full line, or None where there are none.

    Returns:
        The text, and for each of its characters (and its end) the place in the
        text as received.
    """
    cuts: set[int] = set()
    line_start = 0
    at = text.find("\n")
    while at >= 0:
        end = at - 1 if at and text[at - 1] == "\r" else at
        if end - line_start in _LINE_WIDTHS:
            cuts.update(range(end, at + 1))
        line_start = at + 1
        at = text.find("\n", line_start)
    if not cuts:
        return None
    places = [place for place in range(len(text)) if place not in cuts]
    return "".join(text[place] for place in places), [*places, len(text)]


@lru_cache(maxsize=_CACHE)
def skeleton(romanised: str) -> str:
    """One spelling for all usual romanisations of a Russian word."""
    text = romanised
    for spelled, one in _ROMANISATION:
        text = text.replace(spelled, one)
    return re.sub(r"(.)\1+", r"\1", text)


@lru_cache(maxsize=_CACHE)
def keys_of(word: str) -> tuple[str, ...]:
    """The keys under which a folded word of a text is looked up.

    A key names the language whose endings were taken off: `=` as written, `e:`
    English, `t:` Turkish, `r:` Russian skeleton, `6:` Russian in RUR6.
    """
    keys = [f"={word}", f"e:{word}"]
    if len(word) > 3:
        if word.endswith("IES"):
            keys.append(f"e:{word[:-3]}Y")
        if word.endswith("ES"):
            keys.append(f"e:{word[:-2]}")
        if word.endswith("S"):
            keys.append(f"e:{word[:-1]}")
    keys += [f"t:{stem}" for stem in _stems(word, _TURKISH_ENDINGS)]
    keys += [f"r:{stem}" for stem in _stems(skeleton(word), _RUSSIAN_ENDINGS)]
    keys += [
        f"6:{stem}" for stem in _stems(word.replace("X", ""), (*_RUSSIAN_ENDINGS, *_RUR6_ENDINGS))
    ]
    if any(c.isdigit() for c in word) and any(c.isalpha() for c in word) and len(word) > 4:
        keys.append(f"l:{word.translate(_LOOK_ALIKE)}")
    return tuple(keys)


def _stems(word: str, endings: tuple[str, ...]) -> list[str]:
    return [word] + [
        word[: -len(ending)]
        for ending in endings
        if word.endswith(ending) and len(word) - len(ending) >= 3
    ]


def spellings(phrase: str, language: str, *, exact: bool = False) -> set[tuple[str, ...]]:
    """The key sequences under which a phrase of a list is stored.

    Args:
        phrase: As the list spells it; Russian in Cyrillic.
        language: en, tr or ru.
        exact: Only as written, without other endings.
    """
    parts = _WORD.findall(phrase)
    folded = [fold(part) for part in parts]
    plain = tuple(f"={word}" for word in folded)
    if exact:
        return {plain}
    made = {plain, tuple(f"l:{word}" for word in folded)}
    if language == "en":
        made.add(tuple(f"e:{word}" for word in folded))
        made.add(tuple(f"e:{_singular(word)}" for word in folded))
    elif language == "tr":
        made.add(tuple(f"t:{word}" for word in folded))
        made.add(tuple(f"t:{_unpossessed(word)}" for word in folded))
        made.add((*(f"t:{word}" for word in folded[:-1]), f"t:{_bare_vowel(folded[-1])}"))
    elif language == "ru":
        hard = [fold(part.upper().replace("\u0425", "h")) for part in parts]
        for words in (folded, hard):
            made.add(tuple(f"r:{_bare(skeleton(word))}" for word in words))
        if all(_CYRILLIC.search(part) for part in parts):
            rur6 = ["".join(_RUR6.get(c, c) for c in part.upper()) for part in parts]
            made.add(tuple(f"6:{_bare(word.replace('X', ''))}" for word in rur6))
        if len(parts) == 2:
            # Bills of goods put the noun first: "STANOK TOKARNYY" as well as "TOKARNYY STANOK".
            made |= {keys[::-1] for keys in made}
    return made


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("S") and not word.endswith("SS") else word


def _unpossessed(word: str) -> str:
    return word[:-2] if len(word) > 5 and word.endswith(("SI", "SU")) else word


def _bare_vowel(word: str) -> str:
    return word[:-1] if len(word) > 5 and word.endswith(("I", "U")) else word


def _bare(word: str) -> str:
    bare = word.rstrip("AEIOUY")
    return bare if len(bare) >= 4 else word
