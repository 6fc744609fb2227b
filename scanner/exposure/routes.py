"""Where goods go: words of a way, a destination or a consignee beside a place in Russia or Belarus.

"IN TRANSIT TO RU", "DAP EKATERINBURG", "END USER OOO ALFA, KAZAN" and "RUSYAYA
GONDERI" say the same in different words. So no whole phrases are listed, but words
that lead somewhere (`reference/route_words.csv`) and how far from the place they may
stand. A country's code or adjective alone says nothing; beside such words it does.

Pure: words in, destinations out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from scanner import reference
from scanner.exposure.phrases import PhraseIndex
from scanner.exposure.words import Word, fold

_DENIAL_REACH = 3


@dataclass(frozen=True, slots=True)
class Destination:
    """A destination: its country and the words [first, last) that say so."""

    country: str
    first: int
    last: int
    is_disguised: bool = False


@dataclass(frozen=True, slots=True)
class _Way:
    """A word that leads somewhere: on which side of the place, and over how many words."""

    is_before: bool
    reach: int


@cache
def _ways() -> PhraseIndex[_Way]:
    return PhraseIndex(
        (
            row["phrase"],
            row["language"],
            len(row["phrase"]) <= 4,
            _Way(row["stands"] == "before", int(row["reach"])),
        )
        for row in reference.rows("route_words")
        if row["stands"] in ("before", "after")
    )


@cache
def _denials() -> frozenset[str]:
    return frozenset(
        fold(row["phrase"]) for row in reference.rows("route_words") if row["stands"] == "denial"
    )


@cache
def _codes() -> dict[str, tuple[str, frozenset[str]]]:
    """Codes and adjectives of countries, with the words before which they mean something else."""
    return {
        fold(row["phrase"]): (row["value"], frozenset(row["unless"].split(";")) - {""})
        for row in reference.rows("route_words")
        if row["stands"] == "place"
    }


def destinations(words: Sequence[Word], places: Sequence[Destination]) -> Iterator[Destination]:
    """Each place that the words around it make a destination.

    Args:
        words: The words of a text.
        places: The places that the text names.

    Returns:
        Destinations, each from its first word to its last, in no order.
    """
    taken = {at for place in places for at in range(place.first, place.last)}
    named = [*places, *(one for one in _coded(words) if one.first not in taken)]
    if not named:
        return
    ways = [way for way in _ways().find(words) if not _is_denied(words, way.first)]
    for place in named:
        beside = [
            way
            for way in ways
            if words[way.first].clause == words[place.first].clause
            and (
                0 <= place.first - way.last <= way.payload.reach
                if way.payload.is_before
                else way.first == place.last
            )
        ]
        if beside:
            nearest = min(beside, key=lambda way: (abs(way.last - place.first), way.first))
            yield Destination(
                place.country,
                min(nearest.first, place.first),
                max(nearest.last, place.last),
                place.is_disguised or nearest.is_disguised,
            )


def names_country(words: Sequence[str]) -> bool:
    """Whether a country's code or adjective is among folded words."""
    return not _codes().keys().isdisjoint(words)


def _coded(words: Sequence[Word]) -> Iterator[Destination]:
    codes = _codes()
    for at, word in enumerate(words):
        if word.folded in codes:
            country, unless = codes[word.folded]
            if at + 1 == len(words) or words[at + 1].folded not in unless:
                yield Destination(country, at, at + 1)


def _is_denied(words: Sequence[Word], first: int) -> bool:
    return any(
        word.folded in _denials() and word.clause == words[first].clause
        for word in words[max(0, first - _DENIAL_REACH) : first]
    )
