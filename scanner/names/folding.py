"""Any script to upper-case Latin letters, digits and blanks, with the place of each character.

Cyrillic is romanised letter by letter in one fixed way; other romanisations of
the same letter meet it in `sound`. Turkish letters are folded before anything
is upper-cased, because the dotless i would otherwise not come back.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

_CYRILLIC: dict[str, str] = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўҐқғңөұүһәј",
        [
            *"ABVGD", "E", "E", "ZH", "Z", "I", "I", *"KLMNOPRSTUF", "KH", "TS", "CH", "SH", "SHCH",
            "", "Y", "", "E", "YU", "YA", "I", "YI", "YE", "G", "U", "G", "K", "G", "N", "O", "U",
            "U", "H", "A", "J",
        ],
        strict=True,
    )
)  # fmt: skip
_SINGLE = {
    "ı": "I", "İ": "I", "ş": "S", "Ş": "S", "ğ": "G", "Ğ": "G", "ç": "C", "Ç": "C", "ö": "O",
    "Ö": "O", "ü": "U", "Ü": "U", "ß": "SS", "ø": "O", "Ø": "O", "ł": "L", "Ł": "L", "đ": "D",
    "Đ": "D", "æ": "AE", "Æ": "AE", "&": " AND ", "'": "", "’": "", "`": "", "ʼ": "", "ʻ": "",
}  # fmt: skip


_MOST_FOLDED = 4096

# A system without a letter writes a question mark: MOU?A is one word with a letter lost.
_LOST_LETTERS = re.compile(r"(?<=[^\W_])\?{1,2}(?=[^\W_])")


@dataclass(frozen=True)
class Folded:
    """Folded text, and for each of its characters the index of the one it came from."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that a stretch of the folded text came from."""
        return self.origins[start], self.origins[end - 1] + 1


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """One character as upper-case Latin letters, digits or blanks."""
    if character.isascii():
        if character.isalnum():
            return character.upper()
        return _SINGLE.get(character, " ")
    if character in _SINGLE:
        return _SINGLE[character]
    cyrillic = _CYRILLIC.get(character.lower())
    if cyrillic is not None:
        return cyrillic
    if unicodedata.combining(character):
        return ""
    latin: str = anyascii(character)
    made = "".join(c.upper() if c.isalnum() and c.isascii() else " " for c in latin)
    # A Chinese character is a syllable of its own.
    return f" {made} " if unicodedata.category(character) == "Lo" and len(made) > 1 else made


class _FoldedCharacters(dict[int, str]):
    """Characters folded, each when it is first met; of all scripts there are few."""

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code))
        if len(self) < _MOST_FOLDED:
            self[code] = folded
        return folded


_FOLDED = _FoldedCharacters()


def fold(text: str) -> Folded:
    """Fold a text, keeping where each character came from; runs of blanks become one."""
    made: list[str] = []
    origins: list[int] = []
    lost = {at for found in _LOST_LETTERS.finditer(text) for at in range(*found.span())}
    for index, character in enumerate(text):
        if index in lost:
            continue
        for folded in fold_character(character):
            if folded == " " and (not made or made[-1] == " "):
                continue
            made.append(folded)
            origins.append(index)
    if made and made[-1] == " ":
        made.pop()
        origins.pop()
    return Folded("".join(made), tuple(origins))


def fold_text(text: str) -> str:
    """Fold a text without its origins; faster where spans are not needed."""
    if "?" in text:
        text = _LOST_LETTERS.sub("", text)
    return " ".join(text.translate(_FOLDED).split())
