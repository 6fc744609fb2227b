"""How much a word says about who bears a name, in nats: rare on the list and rare in the world.

GAYRIMENKUL stands once on a sanctions list and on every second Istanbul property
firm; SMITH names thousands. A word therefore counts by the commoner of its two
shares: among the listed names, and among the world's firms and persons
(`reference/common_words.csv`). Words that belong to an address, a number or a
legal form are light where nothing meets them: they follow a name, they are not it.
"""

import math
from functools import cache

from scanner import reference
from scanner.names.folding import fold_text
from scanner.names.legal_forms import forms, is_form_word

RAREST = 10.5
"""Nats of a word that one listed name bears, whatever the size of the list."""
GENERIC = 1.6
"""Nats of a word that many firms bear."""
LETTER = 2.5
"""Nats of a single letter."""
LIGHT = 0.8
"""Nats that an unmet generic word, letter, or word of an address or a number costs."""


@cache
def generic_words() -> frozenset[str]:
    """Words that many firms bear, and the words of legal forms."""
    listed = {row["word"] for row in reference.rows("generic_words")}
    return frozenset(listed | {word for form in forms() for word in form if len(word) > 1})


@cache
def _world() -> dict[str, float]:
    """Nats of the words that the world's names share."""
    return {
        row["word"]: -math.log(float(row["names_per_million"]) / 1e6)
        for row in reference.rows("common_words")
    }


@cache
def address_words() -> frozenset[str]:
    """Words that follow a name and are none: of an address, a city, a country, a number."""
    cities = {w for row in reference.rows("large_cities") for w in row["city"].split()}
    countries = {
        word
        for row in reference.rows("countries")
        for name in (row["name"], row["iso2"], row["iso3"], *row["aliases"].split(";"))
        for word in fold_text(name).split()
    }
    return frozenset(cities | countries | _words_of_addresses())


def begins_address(word: str) -> bool:
    """Whether what follows a name from this word on is an address or a number."""
    return word in _words_of_addresses() or not word.isalpha()


@cache
def _words_of_addresses() -> frozenset[str]:
    return frozenset(row["word"] for row in reference.rows("address_words"))


def nats(word: str, on_list: float | None) -> float:
    """What it says that two names share this word.

    Args:
        word: A folded word.
        on_list: Its nats among the listed names; None = no listed name bears it.
    """
    if len(word) == 1:
        return LETTER
    if _is_light(word):
        return GENERIC
    found = RAREST if on_list is None else on_list
    return min(found, _world().get(word, RAREST))


def listed_unmet_nats(word: str, on_list: float | None) -> float:
    """What it costs that a listed name has this word and the payment's has not."""
    return min(nats(word, on_list), LIGHT) if _is_light(word) else nats(word, on_list)


def query_unmet_nats(word: str, on_list: float | None) -> float:
    """What it costs that a payment's name has this word and the listed one has not."""
    is_tail = word in address_words() or not word.isalpha()
    return LIGHT if is_tail else listed_unmet_nats(word, on_list)


def _is_light(word: str) -> bool:
    return len(word) == 1 or word in generic_words() or is_form_word(word)
