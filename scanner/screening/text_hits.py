"""Listed names inside free text: found by their rarest words, compared in a window.

Each word of the text is looked up once; only listed names that hold a rare word
of the text are compared, in a stretch as long as the name. The cost grows with
the text's length, not with its square.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from scanner.additive import PairTables
from scanner.names.folding import fold
from scanner.names.legal_forms import split_forms
from scanner.names.parsing import Word
from scanner.names.sound import sound_key
from scanner.screening.candidates import Query
from scanner.screening.comparison import measure_pairs
from scanner.screening.contradictions import weigh
from scanner.screening.evidence import reasons
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
    """One listed name in one text.

    Attributes:
        name: Position of the listed name.
        margin: Log-odds of the letters and words alone.
        added: What other facts add to them.
        because: Why, in words.
        span: First and one past the last character of the text.
        alone: The word, where it stands for the name alone: no name where many texts hold it.
    """

    name: int
    margin: float
    added: float
    because: str
    span: tuple[int, int]
    alone: str | None


@dataclass(frozen=True)
class TextAnswer:
    """What one text holds, whatever other texts there are.

    Attributes:
        words: The distinct words of each of its readings.
        found: Listed names, several of one entry included.
    """

    words: Sequence[Sequence[str]]
    found: tuple[TextMatch, ...]


class NamesByWord:
    """Listed names by the sounds of their rare words."""

    def __init__(self, index: Index, names: Iterable[int] | None = None) -> None:
        """Take the names of an index, or some of them by their positions."""
        self._by_sound: dict[str, list[int]] = {}
        for name in range(len(index.lookups)) if names is None else names:
            for sound in index.lookups[name]:
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


@dataclass
class _Windows:
    """Stretches of texts to compare with listed names, each pair of words and name once."""

    index: Index
    queries: dict[tuple[str, ...], int] = field(default_factory=dict)
    pairs: dict[tuple[int, int, bool], int] = field(default_factory=dict)
    places: list[list[tuple[int, int, int, str | None]]] = field(default_factory=list)

    def add(self, words: Sequence[Word], lookup: NamesByWord) -> None:
        """Take the stretches of one reading of the text that was begun last."""
        seen: set[tuple[int, int]] = set()
        for i, sound in enumerate([sound_key(word.text) for word in words]):
            for name in lookup.of(sound):
                length = len(self.index.words[name])
                first = max(0, i - self.index.sounds[name].index(sound))
                window = words[first : first + length]
                if (name, first) in seen:
                    continue
                seen.add((name, first))
                alone = length == 1 and not _form_near(words, first)
                if alone and window[0].text != self.index.words[name][0]:
                    continue
                texts = tuple(word.text for word in window)
                query = self.queries.setdefault(texts, len(self.queries))
                pair = self.pairs.setdefault((query, name, alone), len(self.pairs))
                self.places[-1].append(
                    (pair, window[0].start, window[-1].end, texts[0] if alone else None)
                )

    def matches(self, min_score: float, tables: PairTables) -> dict[int, tuple[float, float, str]]:
        """By the place of a pair that is likely enough: margin, what facts add, the reason."""
        queries = [_query(texts) for texts in self.queries]
        asked, names, alone = (np.array(list(column)) for column in zip(*self.pairs, strict=True))
        margins = tables.margin(measure_pairs(queries, self.index, asked, names))
        margins = np.where(alone, np.minimum(margins, _ALONE_MARGIN), margins)
        likely = np.flatnonzero(1 / (1 + np.exp(-margins)) >= min_score)
        said = reasons(queries, self.index, asked[likely], names[likely])
        entry_types = self.index.names["entry_type"]
        found = {}
        for i, why in zip(likely.tolist(), said, strict=True):
            name = int(names[i])
            added, words = weigh(
                queries[asked[i]],
                self.index.words[name],
                country=None,
                listed_countries=[],
                is_agent=False,
                entry_type=entry_types[name].as_py(),
            )
            found[i] = float(margins[i]), added, "; ".join([why, *words])
        return found


def answer_texts(
    texts: Sequence[str],
    index: Index,
    lookup: NamesByWord,
    *,
    min_score: float,
    tables: PairTables | None = None,
) -> list[TextAnswer]:
    """Look for listed names in each text by itself."""
    windows = _Windows(index)
    held = []
    for text in texts:
        read = readings(text)
        windows.places.append([])
        for words in read:
            windows.add(words, lookup)
        held.append(tuple(tuple(dict.fromkeys(word.text for word in words)) for words in read))
    likely = windows.matches(min_score, tables or matcher_tables()) if windows.pairs else {}
    names = [name for _, name, _ in windows.pairs]
    return [
        TextAnswer(
            words,
            tuple(
                TextMatch(names[pair], *likely[pair], (start, end), alone)
                for pair, start, end, alone in places
                if pair in likely
            ),
        )
        for words, places in zip(held, windows.places, strict=True)
    ]


def best_matches(
    answers: Sequence[TextAnswer], index: Index, *, common: frozenset[str] | None = None
) -> list[list[TextMatch]]:
    """For each text the best match of each entry, the likeliest first.

    Args:
        answers: Those of all texts of a run: a word that many of them hold names nobody.
        index: The prepared lists.
        common: Such words, where the answers are those of some texts of the run.
    """
    common = _common_words(answers) if common is None else common
    entry_ids = index.names["entry_id"]
    made = []
    for answer in answers:
        best: dict[str, TextMatch] = {}
        # Of equally good ones the first in the text, in whatever order they were found.
        for match in sorted(answer.found, key=lambda m: (m.span, m.name)):
            if match.alone is not None and match.alone in common:
                continue
            entry_id = entry_ids[match.name].as_py()
            if entry_id not in best or match.margin > best[entry_id].margin:
                best[entry_id] = match
        made.append([best[e] for e in sorted(best, key=lambda e: (-best[e].margin, e))])
    return made


def _common_words(answers: Sequence[TextAnswer]) -> frozenset[str]:
    """Words, each alone for a name, that many texts hold: in this traffic they name nobody."""
    asked = {m.alone for answer in answers for m in answer.found if m.alone is not None}
    held_by = Counter(
        word for answer in answers for words in answer.words for word in asked.intersection(words)
    )
    most = most_texts_of_a_name(sum(len(answer.words) for answer in answers))
    return frozenset(word for word, count in held_by.items() if count > most)


def most_texts_of_a_name(readings: int) -> float:
    """So many readings of a run's texts may hold a word that stands for a listed name alone."""
    return max(_COMMON_TEXTS, readings * _COMMON_SHARE)


def _form_near(words: Sequence[Word], place: int) -> bool:
    """Whether a legal form stands beside a word."""
    start = max(0, place - _FORM_WITHIN_WORDS)
    near = tuple(word.text for word in words[start : place + 1 + _FORM_WITHIN_WORDS])
    return bool(split_forms(near)[1])


def _query(texts: tuple[str, ...]) -> Query:
    kept, forms = split_forms(texts)
    own = tuple(texts[i] for i in kept)
    return Query(own, tuple(sound_key(word) for word in own), forms)
