"""Stretches of texts beside the listed names that their words lead to, each pair compared once.

Names to which a word leads are taken in groups that are compared in the same stretch, so that a
text costs its words and not the names that they are met in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from scanner.additive import PairTables
from scanner.names.legal_forms import split_forms
from scanner.names.sound import sound_key
from scanner.screening.comparison import measure_pairs
from scanner.screening.contradictions import weigh
from scanner.screening.evidence import reasons
from scanner.screening.index import Index
from scanner.screening.matcher import CAPPED_MARGIN
from scanner.screening.queries import Query, query_of_words
from scanner.screening.units import Integers

# A listed name of one word, such as CONTRACT or SPECTRUM, may be any word of a text. It
# counts as a name only beside a legal form; otherwise, spelled exactly and seldom in the
# run's texts, it is shown below what obliges (CAPPED_MARGIN).
_FORM_WITHIN_WORDS = 5


@dataclass(frozen=True)
class NameGroup:
    """Listed names that a word leads to and that are compared in the same stretch of a text.

    Attributes:
        number: Position among all such groups of a lookup.
        before: Words of the name before the word.
        length: Words of the name.
        spelled: The word, where it is the whole name.
        names: Positions of the listed names.
    """

    number: int
    before: int
    length: int
    spelled: str | None
    names: tuple[int, ...]


class NamesByWord:
    """Listed names by the sounds of their rare words.

    Attributes:
        groups: The groups to which words have led so far, by their number.
    """

    def __init__(self, index: Index, names: Iterable[int] | None = None) -> None:
        """Take the names of an index, or some of them by their positions."""
        self._index = index
        self._by_sound: dict[str, list[int]] = {}
        for name in range(len(index.lookups)) if names is None else names:
            for sound in index.lookups[name]:
                self._by_sound.setdefault(sound, []).append(name)
        self._by_group: dict[str, tuple[NameGroup, ...]] = {}
        self.groups: list[NameGroup] = []

    def of(self, word: str) -> tuple[NameGroup, ...]:
        """Names with a word of this sound; none where the word is common among the listed."""
        sound = sound_key(word)
        if sound not in self._by_sound:
            return ()
        if sound not in self._by_group:
            self._by_group[sound] = self._grouped(sound)
        return self._by_group[sound]

    def _grouped(self, sound: str) -> tuple[NameGroup, ...]:
        alike: dict[tuple[int, int, str | None], list[int]] = {}
        for name in self._by_sound[sound]:
            words = self._index.words[name]
            before = self._index.sounds[name].index(sound)
            spelled = words[0] if len(words) == 1 else None
            alike.setdefault((before, len(words), spelled), []).append(name)
        made = tuple(
            NameGroup(len(self.groups) + at, *stands, tuple(names))
            for at, (stands, names) in enumerate(alike.items())
        )
        self.groups += made
        return made


@lru_cache(maxsize=2)
def names_by_word(index: Index) -> NamesByWord:
    """The lookup of an index, made once."""
    return NamesByWord(index)


@dataclass(frozen=True, slots=True)
class Place:
    """Where names were asked for.

    Attributes:
        reading: Number of the reading of the text.
        word: Position of the word that led there.
        first: Position of the first word of the stretch.
        asked: Number of what was asked there.
    """

    reading: int
    word: int
    first: int
    asked: int


@dataclass(frozen=True, slots=True)
class LikelyName:
    """A listed name that a stretch is likely to be.

    Attributes:
        name: Position of the listed name.
        margin: Log-odds of the letters and words alone.
        added: What other facts add to them.
        because: Why, in words.
        length: Words of the stretch.
        alone: The word, where it stands for the name alone.
    """

    name: int
    margin: float
    added: float
    because: str
    length: int
    alone: str | None


@dataclass
class Windows:
    """Stretches of texts to compare with groups of listed names."""

    index: Index
    lookup: NamesByWord
    _queries: dict[tuple[str, ...], int] = field(default_factory=dict)
    _asked: dict[tuple[int, int, bool], int] = field(default_factory=dict)

    def places(self, reading: int, words: Sequence[str]) -> list[Place]:
        """Take the stretches of one reading of a text; where they stand."""
        made = []
        for at, word in enumerate(words):
            for group in self.lookup.of(word):
                first = max(0, at - group.before)
                alone = group.length == 1 and not _form_near(words, first)
                if alone and group.spelled != word:
                    continue
                stretch = tuple(words[first : first + group.length])
                query = self._queries.setdefault(stretch, len(self._queries))
                asked = self._asked.setdefault((query, group.number, alone), len(self._asked))
                made.append(Place(reading, at, first, asked))
        return made

    def likely(self, min_score: float, tables: PairTables) -> dict[int, list[LikelyName]]:
        """By the number of what was asked, the names that are likely enough."""
        if not self._asked:
            return {}
        stretches = [*self._queries]
        queries = [_query(words) for words in stretches]
        query, group, alone = (np.array(column) for column in zip(*self._asked, strict=True))
        names, asked = _names_of([g.names for g in self.lookup.groups], group)
        # Several words of a stretch may lead to one name.
        pairs, pair_of = np.unique(
            (query[asked] * len(self.index.words) + names) * 2 + alone[asked], return_inverse=True
        )
        (query, names), alone = np.divmod(pairs // 2, len(self.index.words)), pairs % 2 == 1
        margins = tables.margin(measure_pairs(queries, self.index, query, names))
        margins = np.where(alone, np.minimum(margins, CAPPED_MARGIN), margins)
        likely = np.flatnonzero(1 / (1 + np.exp(-margins)) >= min_score)
        said = reasons(queries, self.index, query[likely], names[likely])
        entry_types = self.index.names["entry_type"]
        found = {}
        for pair, why in zip(likely.tolist(), said, strict=True):
            name, words = int(names[pair]), stretches[query[pair]]
            added, facts = weigh(
                queries[query[pair]],
                self.index.words[name],
                country=None,
                listed_countries=[],
                is_agent=False,
                entry_type=entry_types[name].as_py(),
            )
            found[pair] = LikelyName(
                name,
                float(margins[pair]),
                added,
                "; ".join([why, *facts]),
                len(words),
                words[0] if alone[pair] else None,
            )
        made: dict[int, list[LikelyName]] = {}
        for at in np.flatnonzero(np.isin(pair_of, likely)).tolist():
            made.setdefault(int(asked[at]), []).append(found[int(pair_of[at])])
        return made


def _names_of(groups: Sequence[Sequence[int]], wanted: Integers) -> tuple[Integers, Integers]:
    """The names of each wanted group, one after the other, and the position of its group."""
    lengths = np.array([len(names) for names in groups])
    begins = np.cumsum(lengths) - lengths
    names = np.array([name for group in groups for name in group])
    counts = lengths[wanted]
    of = np.repeat(np.arange(len(wanted)), counts)
    within = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    return names[begins[wanted][of] + within], of


def _form_near(words: Sequence[str], place: int) -> bool:
    """Whether a legal form stands beside a word."""
    start = max(0, place - _FORM_WITHIN_WORDS)
    return bool(split_forms(tuple(words[start : place + 1 + _FORM_WITHIN_WORDS]))[1])


def _query(words: tuple[str, ...]) -> Query:
    kept, forms = split_forms(words)
    own = tuple(words[i] for i in kept)
    return query_of_words(own, forms)
