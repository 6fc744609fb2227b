"""From the measures of pairs to scored matches: the best listed name of each entry per query."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from scanner.additive import PairTables
from scanner.additive.artifact import load_pair_tables
from scanner.errors import IntegrityError
from scanner.screening.candidates import find_candidates
from scanner.screening.comparison import (
    MEASURES,
    is_loose,
    is_spelled_out,
    is_whole,
    measure_pairs,
    tie_breaker,
)
from scanner.screening.index import Index
from scanner.screening.queries import Query
from scanner.screening.units import Flags, Floats, Integers

CANDIDATES = 12
_QUERIES_AT_ONCE = 4096
_FEW_LETTERS = 3
CAPPED_MARGIN = 0.62
"""Log-odds of a match that shall be seen and shall not oblige."""
_NO_MATCH_MARGIN = -6.0
_WHOLE = 2.0
"""Log-odds that a firm's whole name adds, equal letter by letter, or a person's initials, each of
which is met in its place: stated, not learned."""
_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Matches:
    """Queries' matches with entries, by query and then the most likely first.

    Attributes:
        query: Position of each match's query.
        name: Position of the listed name, the entry's best.
        score: The probability that both are one.
        margin: Its log-odds, finer than the model's steps.
        is_loose: Whether it is nothing that obliges.
    """

    query: Integers
    name: Integers
    score: Floats
    margin: Floats
    is_loose: Flags

    def rank(self) -> Integers:
        """The place of each match among its query's, from 0."""
        found: Integers = np.arange(len(self.query)) - np.searchsorted(self.query, self.query)
        return found

    def of(self, chosen: Any) -> "Matches":
        """Some of them."""
        return Matches(*(column[chosen] for column in vars(self).values()))


@cache
def matcher_tables() -> PairTables:
    """The shipped matcher.

    Raises:
        IntegrityError: It is missing or not what its card says.
    """
    for folder in (_PACKAGE.parent / "models", _PACKAGE / "_shipped" / "models"):
        named = folder / "matcher" / "CHAMPION"
        if named.is_file():
            version = named.read_text("utf-8").strip()
            return load_pair_tables(named.parent / version, [spec.name for spec in MEASURES])
    raise IntegrityError(
        "the matcher's model is missing", where=str(_PACKAGE), hint="reinstall the program"
    )


def match(
    queries: Sequence[Query],
    index: Index,
    *,
    min_score: float,
    tables: PairTables | None = None,
    candidates: int = CANDIDATES,
) -> Matches:
    """Match queries with listed names; per entry the best of its names.

    Args:
        queries: Distinct queries.
        index: The prepared lists.
        min_score: Least score, 0 to 1.
        tables: The matcher; None = the shipped one.
        candidates: Listed names compared with each query.

    Returns:
        By query, then the most likely first.
    """
    tables = tables or matcher_tables()
    found = [Matches(*(np.empty(0, kind) for kind in (int, int, float, float, bool)))]
    for start in range(0, len(queries), _QUERIES_AT_ONCE):
        part = queries[start : start + _QUERIES_AT_ONCE]
        of_query, of_name = find_candidates(part, index, per_query=candidates)
        scores, fine, loose = weigh_pairs(part, index, of_query, of_name, tables=tables)
        pairs = Matches(of_query + start, of_name, scores, fine, loose)
        found.append(_best(pairs.of(scores >= min_score), index.entry_of))
    columns = zip(*(vars(part).values() for part in found), strict=True)
    return Matches(*map(np.concatenate, columns))


def weigh_pairs(
    queries: Sequence[Query],
    index: Index,
    of_query: Integers,
    of_name: Integers,
    *,
    tables: PairTables | None = None,
) -> tuple[Floats, Floats, Flags]:
    """Whether pairs are one and the same.

    Args:
        queries: The queries.
        index: The listed names.
        of_query: Position of each pair's query.
        of_name: Position of each pair's listed name.
        tables: The matcher; None = the shipped one.

    Returns:
        Each pair's score, its log-odds finer than the model's steps, and whether it is loose.
    """
    measures = measure_pairs(queries, index, of_query, of_name)
    margins = (tables or matcher_tables()).margin(measures)
    pairs = (queries, index, of_query, of_name)
    margins = margins + _WHOLE * (is_whole(*pairs) | is_spelled_out(*pairs))
    margins = _bounded(margins, queries, index, of_query, of_name)
    fine = margins + 1e-3 * tie_breaker(measures, margins, queries, index, of_query, of_name)
    return 1 / (1 + np.exp(-margins)), fine, is_loose(measures, index, of_name)


def _bounded(
    margins: Any, queries: Sequence[Query], index: Index, of_query: Any, of_name: Any
) -> Any:
    """The log-odds, bounded where so few letters meet that an equal name hardly tells who is meant.

    A weak alias of one word (OFAC: one that is broad or generic) and a name of up
    to three letters meet too many innocents: equal, such a pair stays below what
    obliges; not even equal, it is no match.
    """
    letters = np.array([len(query.joined) for query in queries])[of_query]
    few = np.minimum(letters, index.letters[of_name]) <= _FEW_LETTERS
    chosen = np.flatnonzero(few | index.is_weak_word[of_name])
    made = margins.copy()
    for i in chosen.tolist():
        equal = queries[of_query[i]].words == index.words[of_name[i]]
        made[i] = min(margins[i], CAPPED_MARGIN if equal else _NO_MATCH_MARGIN)
    return made


def _best(pairs: Matches, entry_of: Integers) -> Matches:
    """Of each query and entry the most likely pair, of equally likely ones the first name."""
    entry = entry_of[pairs.name]
    order = np.lexsort((pairs.name, entry, -pairs.margin, pairs.query))
    key = pairs.query[order] * (int(entry_of.max(initial=0)) + 1) + entry[order]
    _, first = np.unique(key, return_index=True)
    return pairs.of(order[np.sort(first)])
