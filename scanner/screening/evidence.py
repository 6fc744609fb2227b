"""Says why: which words of the query met which of the listed name, what agreed, what did not."""

from scanner.names.parsing import ParsedName
from scanner.screening.alignment import word_likeness
from scanner.screening.candidates import Query
from scanner.screening.index import Index


def because(query: Query, name: int, index: Index) -> str:
    """The evidence of a match in words."""
    listed = index.words[name]
    met, alone = [], []
    used: set[int] = set()
    for word in query.words:
        alike = [(word_likeness(word, other), -j) for j, other in enumerate(listed)]
        best, place = max(alike, default=(0.0, 0))
        if best > 0:
            other = listed[-place]
            used.add(-place)
            met.append(word if word == other else f"{word}~{other} {best:.2f}")
        else:
            alone.append(word)
    parts = [f"words met: {', '.join(met)}" if met else "no word alike, letters alike"]
    missing = [word for j, word in enumerate(listed) if j not in used]
    if missing:
        parts.append(f"only on the list: {', '.join(missing)}")
    if alone:
        parts.append(f"only in the payment: {', '.join(alone)}")
    one, two = query.forms, index.forms[name]
    if one and two:
        parts.append("legal form agrees" if one & two else "legal form differs")
    return "; ".join(parts)


def matched_span(parsed: ParsedName, name: int, index: Index) -> tuple[int, int] | None:
    """First and one past the last character of the words that met the listed name."""
    listed = index.words[name]
    places = [
        (word.start, word.end)
        for word in parsed.words
        if any(word_likeness(word.text, other) > 0 for j, other in enumerate(listed))
    ]
    if not places:
        places = [(word.start, word.end) for word in parsed.words]
    return (places[0][0], places[-1][1]) if places else None
