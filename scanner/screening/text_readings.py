"""How a text reads: its words with their places, as its lines stand and with full ones joined."""

from itertools import pairwise

from scanner.names.folding import fold
from scanner.names.parsing import Word

_FULL_WIDTHS = (34, 35, 50, 65)


def _words_of(text: str) -> list[Word]:
    """Words of a text with their places."""
    folded = fold(text)
    words, position = [], 0
    for part in folded.text.split(" "):
        if part:
            start, end = folded.span(position, position + len(part))
            words.append(Word(part, start, end))
        position += len(part) + 1
    return words


def readings(text: str) -> list[str]:
    """The text as its lines stand, and, where lines are full, with their ends joined.

    FIN cuts words at the width of a field without a hyphen: 35 characters, 50 in
    field 79, 65 in the fields of a credit.
    """
    ends = _full_ends(text)
    if not ends:
        return [text]
    pieces = [text[a + 1 : b] for a, b in pairwise((-1, *ends, len(text)))]
    return [text, "".join(pieces)]


def _full_ends(text: str) -> list[int]:
    """Places of the line feeds that cut a full line."""
    ends: list[int] = []
    begin = 0
    while (end := text.find("\n", begin)) >= 0:
        if end - begin in _FULL_WIDTHS:
            ends.append(end)
        begin = end + 1
    return ends


def words_of_reading(text: str, reading: int) -> list[Word]:
    """The words of one of a text's readings, with their places in the text as it stands."""
    words = _words_of(readings(text)[reading])
    if not reading:
        return words
    cut = frozenset(_full_ends(text))
    kept = [place for place in range(len(text)) if place not in cut]
    return [Word(w.text, kept[w.start], kept[w.end - 1] + 1) for w in words]
