"""Says why: which words of the query met which of the listed name, what agreed, what did not."""

from collections.abc import Sequence

from scanner.names.parsing import ParsedName
from scanner.screening.alignment import SAME, align, word_likeness
from scanner.screening.index import Index
from scanner.screening.queries import Query
from scanner.screening.units import Integers, units_of


def reasons(
    queries: Sequence[Query], index: Index, query_of: Integers, name_of: Integers
) -> list[str]:
    """The evidence of matches in words: the very meetings that were measured.

    Args:
        queries: The queries.
        index: The listed names.
        query_of: Position of each match's query.
        name_of: Position of each match's listed name.
    """
    if not len(query_of):
        return []
    asked = units_of([query.words for query in queries])
    met = align(asked, index.units, query_of, name_of, index.unit_ranks, index.surname_words > 0)
    of_pair: list[list[tuple[int, int, str, str, float]]] = [[] for _ in range(len(query_of))]
    for at in range(len(met.pair)):
        of_pair[met.pair[at]].append(
            (
                int(met.asked_mask[at]),
                int(met.listed_mask[at]),
                asked.words.texts[met.asked[at]],
                index.units.words.texts[met.listed[at]],
                float(met.likeness[at]),
            )
        )
    return [
        _sentence(queries[q], n, sorted(found), index)
        for q, n, found in zip(query_of.tolist(), name_of.tolist(), of_pair, strict=True)
    ]


def _sentence(
    query: Query, name: int, meetings: Sequence[tuple[int, int, str, str, float]], index: Index
) -> str:
    met, asked_mask, listed_mask = [], 0, 0
    for asked, listed, word, other, alike in meetings:
        asked_mask |= asked
        listed_mask |= listed
        met.append(word if alike == SAME else f"{word}~{other} {alike:.2f}")
    missing = _left_out(index.words[name], listed_mask)
    alone = _left_out(query.words, asked_mask)
    parts = [f"words met: {', '.join(met)}" if met else "no word alike, letters alike"]
    if missing:
        parts.append(f"only on the list: {', '.join(missing)}")
    if alone:
        parts.append(f"only in the payment: {', '.join(alone)}")
    one, two = query.forms, index.forms[name]
    if one and two:
        parts.append("legal form agrees" if one & two else "legal form differs")
    return "; ".join(parts)


def _left_out(words: Sequence[str], mask: int) -> list[str]:
    return [word for i, word in enumerate(words) if not mask >> i & 1]


def matched_span(parsed: ParsedName, name: int, index: Index) -> tuple[int, int] | None:
    """First and one past the last character of the words that met the listed name."""
    places = [
        (word.start, word.end)
        for word in parsed.words
        if any(word_likeness(word.text, other) > 0 for other in index.words[name])
    ]
    if not places:
        places = [(word.start, word.end) for word in parsed.words]
    return (places[0][0], places[-1][1]) if places else None
