"""Legal forms as classes: OOO, LLC and Limited Liability Company are one.

The forms are those of `reference/legal_forms.csv` (ISO 20275 condensed).
"""

from functools import cache

from scanner import reference
from scanner.names.folding import fold_text


@cache
def forms() -> dict[tuple[str, ...], str]:
    """Words of each form to its class."""
    return {
        tuple(fold_text(row["form"]).split()): row["class"] for row in reference.rows("legal_forms")
    }


@cache
def _longest() -> int:
    return max(len(words) for words in forms())


@cache
def _starts() -> frozenset[str]:
    return frozenset(words[0] for words in forms())


def split_forms(words: tuple[str, ...]) -> tuple[tuple[int, ...], frozenset[str]]:
    """Which words are the name's own, and the classes of the forms around them.

    A form counts at the beginning or the end of a name or behind another form;
    a name that would lose all its words keeps them.

    Returns:
        Positions of the words that are no form, and the classes found.
    """
    known, starts = forms(), _starts()
    kept: list[int] = []
    classes: set[str] = set()
    position = 0
    while position < len(words):
        if words[position] in starts:
            for length in range(min(_longest(), len(words) - position), 0, -1):
                found = known.get(words[position : position + length])
                if found:
                    classes.add(found)
                    position += length
                    break
            else:
                kept.append(position)
                position += 1
            continue
        kept.append(position)
        position += 1
    if not kept:
        return tuple(range(len(words))), frozenset()
    return tuple(kept), frozenset(classes)
