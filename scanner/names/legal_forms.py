"""Legal forms as classes: OOO, LLC and Limited Liability Company are one.

The forms are those of `reference/legal_forms.csv` (ISO 20275 condensed). Long
words of a form are known by their consonants, so that another romanisation, a
typing error or lost vowels do not hide the form, and a form that a field's end
cut short is one still.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from operator import add

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from scanner import reference
from scanner.names.folding import fold_text
from scanner.names.sound import skeleton

_LEAST_CONSONANTS = 4
_LEAST_LETTERS = 7
_LEAST_LIKENESS = 0.8
_LEAST_LIKENESS_OF_FEW = 0.6
_LEAST_CUT_FORM_WORDS = 2
_LEAST_WORDS_MISSPELT = 3
_LEAST_JOINED_LETTERS = 12
_MOST_PARTS = 5
_LEAST_CUT_LETTERS = 4
_MOST_REMEMBERED = 1 << 18
_formless: set[str] = set()
"""Words that were compared with those of forms, and belong to none."""


@cache
def forms() -> dict[tuple[str, ...], str]:
    """Words of each form to its class."""
    return {
        tuple(fold_text(row["form"]).split()): row["class"] for row in reference.rows("legal_forms")
    }


@cache
def form_classes() -> tuple[str, ...]:
    """All classes of forms."""
    return tuple(sorted(set(forms().values())))


@cache
def _forms_by_key() -> dict[tuple[str, ...], str]:
    return {tuple(map(_key_of_form_word, words)): kind for words, kind in forms().items()}


@cache
def _beginnings() -> dict[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Keys that begin a form, with the next word of the form and the form's class."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for words, kind in forms().items():
        keys = tuple(map(_key_of_form_word, words))
        for length in range(1, len(words)):
            found.setdefault(keys[:length], []).append((words[length], kind))
    return {keys: tuple(values) for keys, values in found.items()}


@cache
def _longest() -> int:
    return max(len(words) for words in forms())


@cache
def _keys() -> dict[str, str]:
    """Every long word of a form by its key."""
    return {
        key: word
        for words in forms()
        for word in words
        if (key := _key_of_form_word(word)).startswith("~")
    }


@cache
def _short_words() -> frozenset[str]:
    return frozenset(w for words in forms() for w in words if _key_of_form_word(w) == w)


@cache
def _long_words() -> tuple[str, ...]:
    return tuple(sorted({w for words in forms() for w in words if len(w) >= _LEAST_LETTERS}))


def _key_of_form_word(word: str) -> str:
    bones = skeleton(word)
    return f"~{bones}" if len(bones) >= _LEAST_CONSONANTS else word


@lru_cache(maxsize=1 << 18)
def _key_of(word: str) -> str | None:
    """The key of a word of a name as a word of a form; None = it belongs to none."""
    if word in _formless:
        return None
    if word in _short_words():
        return word
    key = f"~{skeleton(word)}"
    if key in _keys() and _is_near(word, _keys()[key]):
        return key
    if len(word) < _LEAST_LETTERS:
        return None
    near = process.extractOne(
        word, _long_words(), scorer=OSA.normalized_similarity, score_cutoff=_LEAST_LIKENESS
    )
    return _key_of_form_word(near[0]) if near else None


def compare_with_forms(words: Iterable[str]) -> None:
    """Compare many words with those of forms at once, and remember which belong to none.

    `split_forms` says the same without; one by one it takes five times as long.
    """
    if len(_formless) > _MOST_REMEMBERED:
        _formless.clear()
    keys, short = _keys(), _short_words()
    new = [word for word in words if word not in _formless and word not in short]
    new = [word for word in new if f"~{skeleton(word)}" not in keys]
    long = [word for word in new if len(word) >= _LEAST_LETTERS]
    likeness = process.cdist(
        long, _long_words(), scorer=OSA.normalized_similarity, score_cutoff=_LEAST_LIKENESS,
        dtype=np.float32,
    )  # fmt: skip
    near = {long[i] for i in np.flatnonzero(likeness.any(axis=1)).tolist()}
    _formless.update(word for word in new if word not in near)


def _is_near(word: str, meant: str) -> bool:
    """Whether a word of the same consonants is meant: TIKRITI is not TICARET, LMTD is LIMITED."""
    return (
        len(skeleton(meant)) > _LEAST_CONSONANTS
        or not set(word[1:]) & set("AEIOU")
        or OSA.normalized_similarity(word, meant) >= _LEAST_LIKENESS_OF_FEW
    )


def is_form_word(word: str) -> bool:
    """Whether a long word belongs to a form: alone, it says nothing about who a firm is."""
    return (_key_of(word) or "").startswith("~")


@cache
def _glued_ends() -> tuple[str, ...]:
    """Forms that no word ends with by chance: without a vowel, or long."""
    alone = {words[0] for words in forms() if len(words) == 1}
    return tuple(
        w for w in sorted(alone, key=len, reverse=True)
        if len(w) >= _LEAST_LETTERS or (len(w) > 2 and not set(w) & set("AEIOUY"))
    )  # fmt: skip


def glued_form_at(word: str) -> int | None:
    """Where a form begins that is written onto a word: FIRDAWSLTD; None = nowhere."""
    if not word.endswith(_glued_ends()):
        return None
    for form in _glued_ends():
        if word.endswith(form) and len(word) >= len(form) + _LEAST_CUT_LETTERS:
            return len(word) - len(form)
    return None


def split_forms(words: tuple[str, ...]) -> tuple[tuple[int, ...], frozenset[str]]:
    """Which words are the name's own, and the classes of the forms around them.

    A form counts wherever it stands; so does one whose end was cut off with the
    name's. Of a form whose words stand apart the long ones are no name either. A
    name that would lose all its words keeps them.

    Returns:
        Positions of the words that are no form, and the classes found.
    """
    if (
        _formless.issuperset(words)
        and _formless.issuperset(map(add, words, words[1:]))
        and _joined_beginnings().isdisjoint(words)
    ):
        # Most names: no word belongs to a form, alone or with what stands beside it.
        return tuple(range(len(words))), frozenset()
    keys = list(map(_key_of, words))
    kept: list[int] = []
    classes: set[str] = set()
    position = 0
    while position < len(words):
        length, kind = _form_at(words, keys, position)
        if kind:
            classes.add(kind)
        elif not length:
            kept.append(position)
        position += length or 1
    own = [i for i in kept if not (keys[i] or "").startswith("~")]
    if own and any(len(words[i]) > 1 for i in own):
        kept = own
    if not kept:
        return tuple(range(len(words))), frozenset()
    return tuple(kept), frozenset(classes)


def _form_at(
    words: tuple[str, ...], keys: list[str | None], position: int
) -> tuple[int, str | None]:
    """Words of the form that begins here, and its class."""
    if words[position] in _joined_beginnings():
        for length in range(1, min(_MOST_PARTS, len(words) - position) + 1):
            kind = _joined_forms().get("".join(words[position : position + length]))
            if kind:
                return length, kind
    if keys[position] is None:
        if position + 1 < len(words):
            kind = _form_of_two(words[position] + words[position + 1])
            if kind:
                return 2, kind
        return _misspelt_form(words, keys, position)
    for length in range(min(_longest(), len(words) - position), 0, -1):
        part = keys[position : position + length]
        if None in part:
            continue
        kind = _forms_by_key().get(tuple(filter(None, part)))
        if kind and not _are_initials(words, position, length):
            return length, kind
    misspelt = _misspelt_form(words, keys, position)
    return misspelt if misspelt[1] else _cut_form(words, keys, position)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _form_of_two(joined: str) -> str | None:
    """The form of one long word that two words make: LIMI TED."""
    key = _key_of(joined)
    return _forms_by_key().get((key,)) if key and key.startswith("~") else None


@cache
def _joined_forms() -> dict[str, str]:
    """Long forms without their blanks: a line's end joins words and breaks them."""
    joined = {"".join(words): kind for words, kind in forms().items()}
    return {text: kind for text, kind in joined.items() if len(text) >= _LEAST_JOINED_LETTERS}


@cache
def _joined_beginnings() -> frozenset[str]:
    """With what such a form may begin."""
    return frozenset(text[:end] for text in _joined_forms() for end in range(1, len(text) + 1))


def _are_initials(words: tuple[str, ...], position: int, length: int) -> bool:
    """Whether the letters of a form are a person's: A S NIKITIN, where no word stands before.

    Forms that stand before a name are written so in Russian (O O O, A O) and Indonesian (P T).
    """
    letters = words[position : position + length]
    return (
        length > 1
        and max(map(len, letters)) == 1
        and letters[-1] != "O"
        and letters != ("P", "T")
        and position + length < len(words)
        and all(len(word) == 1 for word in words[:position])
    )


@cache
def _long_forms() -> tuple[dict[str, list[tuple[tuple[str, ...], str]]], ...]:
    """Forms of three words and more, by their first word and by their second."""
    found: tuple[dict[str, list[tuple[tuple[str, ...], str]]], ...] = ({}, {})
    for words, kind in forms().items():
        if len(words) >= _LEAST_WORDS_MISSPELT:
            for by_word, word in zip(found, words, strict=False):
                by_word.setdefault(word, []).append((words, kind))
    return found


def _misspelt_form(
    words: tuple[str, ...], keys: list[str | None], position: int
) -> tuple[int, str | None]:
    """A form of several words one of which is misspelt: JOINT STXCK COMPANY."""
    for by_word, known in zip(_long_forms(), words[position : position + 2], strict=False):
        for form, kind in by_word.get(known, ()):
            part = words[position : position + len(form)]
            if len(part) < len(form):
                continue
            own = keys[position : position + len(form)]
            other = [
                (word, meant)
                for word, key, meant in zip(part, own, form, strict=True)
                if word != meant and key != _key_of_form_word(meant)
            ]
            if len(other) == 1 and OSA.distance(*other[0]) == 1 and len(other[0][1]) > 3:
                return len(form), kind
    return 0, None


def _cut_form(
    words: tuple[str, ...], keys: list[str | None], position: int
) -> tuple[int, str | None]:
    """A form whose last word the name's end cut short."""
    rest = len(words) - position
    if not _LEAST_CUT_FORM_WORDS <= rest <= _longest():
        return 0, None
    begun = keys[position : position + rest - 1]
    if None in begun or not any((key or "").startswith("~") for key in begun):
        return 0, None
    for following, kind in _beginnings().get(tuple(filter(None, begun)), ()):
        if following.startswith(words[-1]):
            return rest, kind
    return 0, None
