"""A name taken apart: words with their places, what is form and what is name."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from scanner.names.folding import fold, fold_text
from scanner.names.legal_forms import glued_form_at, split_forms


@dataclass(frozen=True)
class Word:
    """One folded word and the stretch of the raw text that it came from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class ParsedName:
    """A name's own words and the classes of its legal forms."""

    words: tuple[Word, ...]
    forms: frozenset[str]

    @property
    def texts(self) -> tuple[str, ...]:
        """The words without their places."""
        return tuple(word.text for word in self.words)


@lru_cache(maxsize=1 << 18)
def _unglued(word: str) -> tuple[str, ...]:
    """A word, and apart from it the form that is written onto it."""
    cut = glued_form_at(word)
    return (word[:cut], word[cut:]) if cut else (word,) if word else ()


def parse_name(text: str) -> ParsedName:
    """Take a name apart, keeping where each word stands in the text."""
    folded = fold(text)
    words = []
    position = 0
    for part in folded.text.split(" "):
        for own in _unglued(part):
            words.append(Word(own, *folded.span(position, position + len(own))))
            position += len(own)
        position += 1
    kept, forms = split_forms(tuple(word.text for word in words))
    return ParsedName(tuple(words[i] for i in kept), forms)


def name_words(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """A name's own words and its forms, without places; fast and remembered."""
    return folded_words(fold_text(text))


def parted_words(folded: str) -> tuple[str, ...]:
    """All words of a name that is folded, forms apart from what they are written onto."""
    return tuple(chain.from_iterable(map(_unglued, folded.split())))


@lru_cache(maxsize=1 << 18)
def folded_words(folded: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The own words and the forms of a name that is folded."""
    return own_words(parted_words(folded))


def own_words(words: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Of all words of a name its own, and the forms of the others."""
    kept, forms = split_forms(words)
    return (words if len(kept) == len(words) else tuple([words[i] for i in kept])), forms


def name_key(text: str | None) -> str:
    """One key for the spellings of one name: its own words, folded and sorted."""
    if not text:
        return ""
    words, _ = name_words(text)
    return " ".join(sorted(words))
