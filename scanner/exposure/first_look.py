"""Which texts of a batch can hold a signal or a good at all: the others are not read with care.

A text is cut into words without their places, and looked at for the shapes of numbers and codes;
most texts of payments hold nothing that either reader knows. More may be named than hold anything,
never less.
"""

from collections.abc import Callable, Sequence

import polars as pl

from scanner.exposure.words import plain_words, unwrapped

_Meets = Callable[[Sequence[str]], bool]


def shape(pattern: str) -> str:
    """A pattern for `may_hold` that finds at least what Python's does: with all its blanks."""
    return pattern.replace(r"\s", r"[\s\x1c-\x1f]")


def may_hold(texts: Sequence[str], shapes: str, meets: _Meets) -> list[bool]:
    """Which of the texts may hold something.

    Args:
        texts: As received.
        shapes: Pattern made by `shape`, without looking around, that finds something in every
            reading of a text that holds anything but words. Letters beyond ASCII do not matter:
            texts that have some are always named.
        meets: Whether words, in their folded form, hold something.
    """
    readings: list[str] = []
    text_of: list[int] = []
    for number, text in enumerate(texts):
        joined = unwrapped(text)
        readings += [text, joined[0]] if joined else [text]
        text_of += [number, number] if joined else [number]
    shaped = pl.Series(readings, dtype=pl.String).str.contains(shapes).to_list()
    made = [not text.isascii() for text in texts]
    for number, reading, is_shaped in zip(text_of, readings, shaped, strict=True):
        made[number] = made[number] or is_shaped or _may_meet(reading, meets)
    return made


def _may_meet(text: str, meets: _Meets) -> bool:
    words = plain_words(text)
    # Letters written apart may be a word.
    return words is None or meets(words)
