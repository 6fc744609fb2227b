"""Whether a name is a firm's or a person's, told by its words: a ship's is neither."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import repeat

import numpy as np

from scanner import reference
from scanner.screening.index import Index
from scanner.screening.queries import Query
from scanner.screening.rarity import generic_words
from scanner.screening.units import Floats, Integers

LEAST_LETTERS = 3
"""Shorter words tell neither a kind nor a trade."""
_MOST_KIND = 3


@cache
def person_names() -> frozenset[str]:
    """Names that persons bear somewhere, beside the common ones."""
    return frozenset(row["word"] for row in reference.rows("person_names"))


@cache
def _world_kinds() -> dict[str, int]:
    """What a word says about who bears it: 1 a firm, -1 a person."""
    kinds = dict.fromkeys(person_names(), -1) | {
        row["word"]: 1 if row["borne_by"] == "firm" else -1
        for row in reference.rows("common_words")
    }
    kinds |= dict.fromkeys(generic_words(), 1)
    return {word: kind for word, kind in kinds.items() if len(word) >= LEAST_LETTERS}


def _firmness(query: Query) -> int:
    """Whether a name is more a firm's (above 0) or a person's (below 0)."""
    words = sum(map(_world_kinds().get, set(query.words), repeat(0)))
    return max(-_MOST_KIND, min(_MOST_KIND, words + (2 if query.forms else 0)))


@lru_cache(maxsize=4)
def _kinds(index: Index) -> Integers:
    """Of each listed name: 1 a firm's, -1 a person's, 0 a ship's or an aircraft's."""
    kinds = {"individual": -1, "entity": 1}
    return np.array([kinds.get(kind, 0) for kind in index.names["entry_type"].to_pylist()])


def kind_agrees(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> Floats:
    """How much the query is of the listed name's kind; a ship is neither firm nor person."""
    firmness = np.array([_firmness(query) for query in queries], np.float64)[query_of]
    kind = _kinds(index)[name_of]
    return np.where(kind == 0, -np.abs(firmness), firmness * kind)
