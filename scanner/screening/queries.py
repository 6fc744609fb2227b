"""A name to look for, taken apart: one by one, or many at once in half the time."""

from collections.abc import Sequence
from operator import add
from typing import NamedTuple

from scanner.names.folding import fold_text
from scanner.names.legal_forms import compare_with_forms
from scanner.names.parsing import folded_words, own_words, parted_words
from scanner.names.sound import learn, skeletons, sound_keys
from scanner.screening.features import few_vowels

FIELD_WIDTHS = frozenset((33, 34, 35, 65, 66, 69, 70, 104, 105, 139, 140))
"""Characters of a name that fills its field (FIN lines, ISO 20022 Max70 and Max140), or the last
of which is a blank."""


class Query(NamedTuple):
    """A name to look for.

    Attributes:
        words: Its own words.
        sounds: The words' sounds.
        skeletons: The words' skeletons.
        forms: The classes of its legal forms.
        joined: The sounds without blanks.
        bones: The skeletons without blanks.
        has_few_vowels: Whether it is written almost without vowels.
        is_cut: It is as long as a field, so its end may be lost.
        text: All of it, folded.
    """

    words: tuple[str, ...]
    sounds: tuple[str, ...]
    skeletons: tuple[str, ...]
    forms: frozenset[str]
    joined: str
    bones: str
    has_few_vowels: bool
    is_cut: bool
    text: str


def query_of(name: str) -> Query:
    """Prepare a name as a person or a message writes it."""
    folded = fold_text(name)
    return _query(name, folded, folded_words(folded))


def queries_of(names: Sequence[str]) -> list[Query]:
    """Prepare many names, each as `query_of` does."""
    folded = list(map(fold_text, names))
    parted = list(map(parted_words, folded))
    _learn_words(parted)
    return list(map(_query, names, folded, map(own_words, parted)))


def query_of_words(
    words: tuple[str, ...], forms: frozenset[str], *, is_cut: bool = False, text: str = ""
) -> Query:
    """Prepare a name's own words and its forms."""
    sounds, bones = sound_keys(words), skeletons(words)
    few = few_vowels(words)
    return Query(words, sounds, bones, forms, "".join(sounds), "".join(bones), few, is_cut, text)


def _query(name: str, folded: str, parsed: tuple[tuple[str, ...], frozenset[str]]) -> Query:
    words, forms = parsed
    is_cut = len(name.strip()) in FIELD_WIDTHS
    return query_of_words(words, forms, is_cut=is_cut, text=folded)


def _learn_words(parted: Sequence[tuple[str, ...]]) -> None:
    """Make at once what is asked of names' words, and of two neighbours as one."""
    known = {word for words in parted for word in words}
    for words in parted:
        known.update(map(add, words, words[1:]))
    learn(known)
    compare_with_forms(known)
