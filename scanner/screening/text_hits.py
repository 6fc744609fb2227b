"""Listed names inside free text: found by their rarest words, compared in a window.

Each word of the text is looked up once; only listed names that hold a rare word
of the text are compared, in a stretch as long as the name. The cost grows with
the text's length, not with its square.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanner.additive import PairTables
from scanner.names.folding import fold_text
from scanner.names.parsing import Word
from scanner.screening.index import Index
from scanner.screening.matcher import matcher_tables
from scanner.screening.text_readings import readings, words_of_reading
from scanner.screening.text_windows import LikelyName, NamesByWord, Place, Windows

_COMMON_SHARE = 0.005
_COMMON_TEXTS = 5


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


def answer_texts(
    texts: Sequence[str],
    index: Index,
    lookup: NamesByWord,
    *,
    min_score: float,
    tables: PairTables | None = None,
) -> list[TextAnswer]:
    """Look for listed names in each text by itself."""
    windows = Windows(index, lookup)
    held, places = [], []
    for text in texts:
        read = [fold_text(reading).split() for reading in readings(text)]
        places.append(
            [p for number, words in enumerate(read) for p in windows.places(number, words)]
        )
        held.append(tuple(tuple(dict.fromkeys(words)) for words in read))
    likely = windows.likely(min_score, tables or matcher_tables())
    return [
        TextAnswer(words, _found(text, stands, likely))
        for text, words, stands in zip(texts, held, places, strict=True)
    ]


def _found(
    text: str, places: Sequence[Place], likely: Mapping[int, Sequence[LikelyName]]
) -> tuple[TextMatch, ...]:
    """The likely names of one text, each once where several words led to one stretch."""
    found: dict[tuple[int, int, int], TextMatch] = {}
    met = [(place, name) for place in places for name in likely.get(place.asked, ())]
    words: dict[int, list[Word]] = {}
    for place, one in sorted(met, key=lambda m: (m[0].reading, m[0].word, m[1].name)):
        if place.reading not in words:
            words[place.reading] = words_of_reading(text, place.reading)
        stretch = words[place.reading][place.first : place.first + one.length]
        span = (stretch[0].start, stretch[-1].end)
        match = TextMatch(one.name, one.margin, one.added, one.because, span, one.alone)
        found.setdefault((place.reading, place.first, one.name), match)
    return tuple(found.values())


def best_matches(
    found: Iterable[TextMatch], index: Index, common_words: frozenset[str]
) -> list[TextMatch]:
    """Of what one text holds the best match of each entry, the likeliest first.

    Args:
        found: Listed names in the text.
        index: The prepared lists.
        common_words: Words that name nobody where they stand for a name alone.
    """
    entry_ids = index.names["entry_id"]
    best: dict[str, TextMatch] = {}
    # Of equally good ones the first in the text, in whatever order they were found.
    for match in sorted(found, key=lambda m: (m.span, m.name)):
        if match.alone is not None and match.alone in common_words:
            continue
        entry_id = entry_ids[match.name].as_py()
        if entry_id not in best or match.margin > best[entry_id].margin:
            best[entry_id] = match
    return [best[e] for e in sorted(best, key=lambda e: (-best[e].margin, e))]


def most_texts_of_a_name(readings: int) -> float:
    """So many readings of a run's texts may hold a word that stands for a listed name alone."""
    return max(_COMMON_TEXTS, readings * _COMMON_SHARE)
