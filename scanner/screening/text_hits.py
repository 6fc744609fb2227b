"""Listed names inside free text: found by their rarest words, compared in a window.

Each word of the text is looked up once; only listed names that hold a rare word
of the text are compared, in a stretch as long as the name. The cost grows with
the text's length, not with its square.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scanner.additive import PairTables
from scanner.names.folding import fold
from scanner.names.legal_forms import split_forms
from scanner.names.parsing import Word
from scanner.names.sound import sound_key
from scanner.screening.candidates import Query
from scanner.screening.comparison import measure_pairs
from scanner.screening.index import Index
from scanner.screening.matcher import matcher_tables

# A listed name of one word, such as CONTRACT or SPECTRUM, may be any word of a text. It
# counts as a name only beside a legal form; otherwise, spelled exactly and seldom in the
# run's texts, it is shown below what obliges.
_ALONE_MARGIN = 0.62
_COMMON_SHARE = 0.005
_COMMON_TEXTS = 5
_FORM_WITHIN_WORDS = 5
_FULL_WIDTHS = (34, 35, 50, 65)


@dataclass(frozen=True)
class TextMatch:
    """One listed name found in a text."""

    text: int
    name: int
    score: float
    margin: float
    span: tuple[int, int]
    query: Query


class NamesByWord:
    """Listed names by the sounds of their rare words."""

    def __init__(self, index: Index) -> None:
        self._by_sound: dict[str, list[int]] = {}
        for name, sounds in enumerate(index.lookups):
            for sound in sounds:
                self._by_sound.setdefault(sound, []).append(name)

    def of(self, sound: str) -> Sequence[int]:
        """Names with a word of this sound; none where the word is common among the listed."""
        return self._by_sound.get(sound, ())


@lru_cache(maxsize=2)
def names_by_word(index: Index) -> NamesByWord:
    """The lookup of an index, made once."""
    return NamesByWord(index)


def words_of(text: str) -> list[Word]:
    """Words of a text with their places."""
    folded = fold(text)
    words, position = [], 0
    for part in folded.text.split(" "):
        if part:
            start, end = folded.span(position, position + len(part))
            words.append(Word(part, start, end))
        position += len(part) + 1
    return words


def readings(text: str) -> list[list[Word]]:
    """The words of a text as its lines stand, and, where lines are full, with their ends joined.

    FIN cuts words at the width of a field without a hyphen: 35 characters, 50 in
    field 79, 65 in the fields of a credit.
    """
    found = [words_of(text)]
    kept: list[int] = []
    column = 0
    for i, character in enumerate(text):
        if character != "\n":
            kept.append(i)
            column += 1
            continue
        if column not in _FULL_WIDTHS:
            kept.append(i)
        column = 0
    if len(kept) < len(text):
        joined = "".join(text[i] for i in kept)
        found.append([Word(w.text, kept[w.start], kept[w.end - 1] + 1) for w in words_of(joined)])
    return found


def match_texts(
    texts: Sequence[str], index: Index, lookup: NamesByWord, *, min_score: float,
    tables: PairTables | None = None,
) -> list[TextMatch]:  # fmt: skip
    """Find listed names in texts; per text and entry the best one."""
    tables = tables or matcher_tables()
    queries: list[Query] = []
    of_query: list[int] = []
    of_name: list[int] = []
    places: list[tuple[int, int, int]] = []
    capped: list[bool] = []
    read = [(i, words) for i, text in enumerate(texts) for words in readings(text)]
    common = _common_words([words for _, words in read])
    for position, words in read:
        sounds = [sound_key(word.text) for word in words]
        seen: set[tuple[int, int]] = set()
        for i, sound in enumerate(sounds):
            for name in lookup.of(sound):
                length = len(index.words[name])
                offset = index.sounds[name].index(sound)
                first = max(0, i - offset)
                last = min(len(words), first + length)
                if (name, first) in seen:
                    continue
                seen.add((name, first))
                window = words[first:last]
                alone = length == 1
                beside_form = alone and _form_near(words, first)
                if alone and not beside_form:
                    word = window[0].text
                    if word != index.words[name][0] or word in common:
                        continue
                queries.append(_query(window))
                capped.append(alone and not beside_form)
                of_query.append(len(queries) - 1)
                of_name.append(name)
                places.append((position, window[0].start, window[-1].end))
    if not queries:
        return []
    measures = measure_pairs(
        queries, index, np.asarray(of_query, np.int64), np.asarray(of_name, np.int64)
    )
    margins = tables.margin(measures)
    margins = np.where(capped, np.minimum(margins, _ALONE_MARGIN), margins)
    entry_ids = index.names["entry_id"].to_pylist()
    best: dict[tuple[int, str], TextMatch] = {}
    for i in np.flatnonzero(1 / (1 + np.exp(-margins)) >= min_score).tolist():
        position, start, end = places[i]
        found = TextMatch(
            position,
            of_name[i],
            float(1 / (1 + np.exp(-margins[i]))),
            float(margins[i]),
            (start, end),
            queries[i],
        )
        key = (position, entry_ids[of_name[i]])
        if key not in best or found.margin > best[key].margin:
            best[key] = found
    return sorted(best.values(), key=lambda m: (m.text, -m.margin, entry_ids[m.name]))


def _common_words(read: Sequence[Sequence[Word]]) -> frozenset[str]:
    """Words that many of the texts hold: in this bank's traffic they name nobody."""
    held_by = Counter(word for words in read for word in {w.text for w in words})
    most = max(_COMMON_TEXTS, len(read) * _COMMON_SHARE)
    return frozenset(word for word, count in held_by.items() if count > most)


def _form_near(words: Sequence[Word], place: int) -> bool:
    """Whether a legal form stands beside a word."""
    start = max(0, place - _FORM_WITHIN_WORDS)
    near = tuple(word.text for word in words[start : place + 1 + _FORM_WITHIN_WORDS])
    return bool(split_forms(near)[1])


def _query(window: Sequence[Word]) -> Query:
    texts = tuple(word.text for word in window)
    kept, forms = split_forms(texts)
    own = tuple(texts[i] for i in kept)
    return Query(own, tuple(sound_key(word) for word in own), forms)
