"""Addresses of list entries, looked up by house number and the words of the street.

An address meets another where house number and the telling words of the street
agree and the town does, or at least the country where the town is not stated
and the street is rare. What contradicts (another town, another country, another
room of the same house) is no match. Only entries that share the first house
number and the rarest word of a street are compared, so that a look-up costs the
same on every list.

Scores are stated, not learned: there are no judged pairs of addresses.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from scanner import reference
from scanner.names.folding import fold_text
from scanner.screening.address_parts import (
    AddressParts,
    House,
    Street,
    Word,
    digits_of,
    is_kind,
    is_telling,
    parts_of,
    parts_of_words,
    place_key,
    realm_of,
    words_of,
    wrapped_words,
)
from scanner.screening.rarity import RAREST

WHOLE = math.log(0.9 / 0.1)
"""Log-odds where number, street and town agree."""
SAME_ROOM = 0.7
"""Added where the room or floor agrees as well."""
DOUBT = -1.1
"""Added for each thing that agrees only in part: words, kind of street, a number's letter."""
NO_TOWN = -1.5
"""Added where only the country agrees."""
LEAST = 0.0
"""Log-odds below which there is no match: more than two doubts."""
_LEAST_NATS = 2.5
"""What the words of a street must say where the town agrees: one in twelve addresses has them."""
_LEAST_NATS_ALONE = 7.0
"""The same where only the country agrees: one in a thousand."""
_LEAST_SHARE = 0.75
"""Share of the street's words, in nats, that must be met."""


@dataclass(frozen=True)
class ListedAddress:
    """One address of the lists, and the entries that bear it.

    Attributes:
        shown: As published, for the eye.
        entries: (list, entry_id) of those that bear it.
        towns: Town words by sound; all are asked for.
        country: ISO 3166 alpha-2.
    """

    shown: str
    entries: tuple[tuple[str, str], ...]
    parts: AddressParts
    towns: frozenset[str]
    country: str | None


@dataclass(frozen=True)
class AddressMatch:
    """A listed address met by a party's.

    Attributes:
        listed: Its place in `AddressBook.listed`.
        margin: Log-odds that it is the same place.
        because: What agreed, in words.
        number: The house number that agreed.
        words: The words that agreed, by sound.
    """

    listed: int
    margin: float
    because: str
    number: House
    words: frozenset[str]


@cache
def _large_cities() -> dict[str, frozenset[str]]:
    """Keys of the large cities of one word, by country."""
    found: dict[str, set[str]] = {}
    for row in reference.rows("large_cities"):
        if " " not in row["city"]:
            found.setdefault(row["country"], set()).add(place_key(row["city"]))
    return {country: frozenset(keys) for country, keys in found.items()}


def _town_words(address: str, town: str) -> list[str]:
    """Words of the town: of the first part of the town that has words, else of the address's last.

    Lists give "Fryazino, Moscow Region 141190", or the post code as town and the town before it.
    """
    for text, which in ((town, 0), (address, -1)):
        words = [word for word in words_of(text) if is_telling(word.text)]
        if not words or (text is address and not any(c in address for c in ",;")):
            continue
        last = words[which].segment
        found = [word.text for word in words_of(text) if word.segment == last]
        if text is address and any(is_kind(w, "street") or w[0].isdigit() for w in found):
            return []
        return [word for word in found if is_telling(word)]
    return []


class AddressBook:
    """The addresses of the lists, by first house number and rarest word of a street."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take in rows of `list_addresses`; addresses without street or number are no addresses."""
        bearers: dict[tuple[str, str, str | None], list[tuple[str, str]]] = {}
        for row in rows:
            if row["address"]:
                published = (row["address"], row["town"] or "", row["country"])
                bearers.setdefault(published, []).append((row["list"], row["entry_id"]))
        listed: list[ListedAddress] = []
        for (address, town, country), entries in sorted(
            bearers.items(), key=lambda item: (item[0][0], item[0][1], item[0][2] or "")
        ):
            further = parts_of(town)
            has_street = bool(further.houses and further.kinds)
            # Some entries have the building as address, and the street as town.
            text = f"{address}, {town}" if has_street else address
            towns = [] if has_street else _town_words(address, town)
            parts = parts_of(text, towns=towns)
            if parts.houses and parts.streets:
                listed.append(
                    ListedAddress(
                        shown=", ".join(part for part in (address, town) if part),
                        entries=tuple(dict.fromkeys(entries)),
                        parts=parts,
                        towns=frozenset(map(place_key, towns)),
                        country=country,
                    )
                )
        self.listed = tuple(listed)
        counts = Counter(word for one in listed for word in one.parts.words)
        whole = max(len(listed), 1)
        # A short list says nothing on how rare a street's name is; ten thousand bear out a word.
        self._nats = {
            word: min(RAREST, -math.log(count / max(whole, 10_000)))
            for word, count in counts.items()
        }
        self._index: dict[tuple[str, str], list[tuple[int, Street]]] = {}
        for place, one in enumerate(self.listed):
            for street in one.parts.streets:
                rarest = max(street.words, key=lambda word: (self._nats.get(word, RAREST), word))
                key = (one.parts.houses[0].digits, rarest)
                self._index.setdefault(key, []).append((place, street))
        sharers: dict[tuple[object, ...], set[tuple[str, str]]] = {}
        for one in listed:
            sharers.setdefault(_spot(one), set()).update(one.entries)
        self.shared_by = tuple(len(sharers[_spot(one)]) for one in listed)
        """How many entries bear each address, however they spell it."""
        self._names = frozenset(word for _, word in self._index)

    def look_up(
        self, text: str, *, town: str | None, country: str | None, is_stated: bool = True
    ) -> list[AddressMatch]:
        """Listed addresses that a party's address meets, the best match of each.

        Args:
            text: The party's address, on one line or several.
            town: Its town, where known apart from the text.
            country: ISO 3166 alpha-2.
            is_stated: Whether the address itself gives the country. One that was taken from an
                account or a BIC can agree and never contradicts.
        """
        words = words_of(text)
        wrapped = wrapped_words(words)
        if not self._may_meet([*words, *wrapped]):
            return []
        parts = parts_of_words(words)
        known = parts.words.union(place_key(word.text) for word in wrapped)
        found: dict[int, AddressMatch] = {}
        own_towns = frozenset(place_key(word) for word in fold_text(town or "").split())
        asked = _Asked(parts, known, known | own_towns, own_towns, country, is_stated)
        for digits in dict.fromkeys(house.digits for house in parts.houses):
            for word in sorted(known):
                for place, street in self._index.get((digits, word), ()):
                    match = self._compare(asked, place, street)
                    if match and (place not in found or match.margin > found[place].margin):
                        found[place] = match
        return [found[place] for place in sorted(found)]

    def _may_meet(self, words: Sequence[Word]) -> bool:
        """Whether a number and a word of a text stand together in the index; most end here."""
        keys = {place_key(word.text) for word in words if is_telling(word.text)} & self._names
        numbers = {digits for word in words if (digits := digits_of(word.text))}
        return any((number, key) in self._index for key in keys for number in numbers)

    def _compare(self, asked: "_Asked", place: int, street: Street) -> AddressMatch | None:
        one = self.listed[place]
        met = asked.words.intersection(street.words)
        nats = sum(self._nats.get(word, RAREST) for word in met)
        wanted = sum(self._nats.get(word, RAREST) for word in street.words)
        if nats < max(_LEAST_NATS, _LEAST_SHARE * wanted):
            return None
        agreed = _place(asked, one)
        if agreed is None or (agreed == "country" and nats < _LEAST_NATS_ALONE):
            return None
        same_room = _rooms(asked.parts, one.parts)
        directions = asked.parts.directions
        turned = street.direction and directions and street.direction not in directions
        if same_room is False or turned:
            return None
        number = one.parts.houses[0]
        letters = {house.letter for house in asked.parts.houses if house.digits == number.digits}
        doubts = [
            words
            for words, holds in (
                ("not every word of the street", len(met) < len(street.words)),
                (
                    "another kind of street",
                    bool(street.kinds and asked.parts.kinds)
                    and not street.kinds & asked.parts.kinds,
                ),
                ("another letter behind the number", number.letter not in letters),
            )
            if holds
        ]
        margin = WHOLE + DOUBT * len(doubts)
        margin += SAME_ROOM if same_room else 0.0
        margin += NO_TOWN if agreed == "country" else 0.0
        if margin < LEAST - 1e-9:
            return None
        words = [f"number {number.digits}{number.letter}, street and {agreed} agree"]
        words += ["room or floor agrees"] * bool(same_room) + doubts
        return AddressMatch(
            place, margin, f"address: {'; '.join(words)}; listed as {one.shown}", number, met
        )


def _spot(one: ListedAddress) -> tuple[object, ...]:
    return one.parts.houses[0], one.parts.streets[0].words, one.towns, one.country


@dataclass(frozen=True)
class _Asked:
    """A party's address as it is compared."""

    parts: AddressParts
    words: frozenset[str]
    places: frozenset[str]
    town: frozenset[str]
    country: str | None
    is_stated: bool


def _place(asked: _Asked, one: ListedAddress) -> str | None:
    """`town` or `country`, whichever agrees; None where neither does or one contradicts."""
    same_country = asked.country is not None and asked.country == one.country
    if (
        asked.is_stated
        and asked.country
        and one.country
        and realm_of(asked.country) != realm_of(one.country)
    ):
        return None
    if one.towns and one.towns <= asked.places:
        return "town"
    if not same_country:
        return None
    if one.country is not None and is_kind(one.country, "city_state"):
        return "town"
    known = {word for word in asked.town if len(word) > 1}
    if known and not known & (one.towns | one.parts.words):
        return None
    if one.towns:
        others = _large_cities().get(one.country or "", frozenset())
        if asked.places & others - one.towns - one.parts.words:
            return None
    return "country"


def _rooms(asked: AddressParts, listed: AddressParts) -> bool | None:
    """Whether the rooms agree, or the floors where one side tells no room; None = not known."""
    for ours, theirs in ((asked.rooms, listed.rooms), (asked.floors, listed.floors)):
        if ours and theirs:
            return bool(ours & theirs)
    return None


def stretch_of(match: AddressMatch, raw: str) -> tuple[int, int] | None:
    """The shortest stretch of a raw text that holds the number and all words that agreed.

    Returns:
        None where the text does not hold them all.
    """
    wanted: set[str] = {match.number.digits, *match.words}
    places: list[tuple[str, tuple[int, int]]] = []
    words = words_of(raw)
    for word in sorted([*words, *wrapped_words(words)], key=lambda word: word.span):
        key = digits_of(word.text) or place_key(word.text)
        if key in wanted:
            places.append((key, word.span))
    return _shortest(places, wanted)


def _shortest(
    places: Sequence[tuple[str, tuple[int, int]]], wanted: set[str]
) -> tuple[int, int] | None:
    held: Counter[str] = Counter()
    best: tuple[int, int] | None = None
    begin = 0
    for last, (key, _) in enumerate(places):
        held[key] += 1
        while held[places[begin][0]] > 1:
            held[places[begin][0]] -= 1
            begin += 1
        if len(held) < len(wanted):
            continue
        start = places[begin][1][0]
        end = max(span[1] for _, span in places[begin : last + 1])
        if best is None or end - start < best[1] - best[0]:
            best = (start, end)
    return best
