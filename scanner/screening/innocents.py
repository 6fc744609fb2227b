"""Invented names of innocents, made of words that the world's firms and persons share.

They teach the matcher what meets the list by chance: a shared family name, a
shared line of business. The words and their shares are those of
`reference/common_words.csv`; no name of a real firm or person is made on purpose.
"""

import random
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from scanner import reference
from scanner.names.legal_forms import forms

_LEAST_LETTERS = 3
_FIRM_SHARE = 0.5
_FORM_SHARE = 0.6
# Names repeat common words less often than chance: a firm wants to be told apart.
_FLATTENED = 0.7


@dataclass(frozen=True)
class _Words:
    texts: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, rng: random.Random, count: int) -> list[str]:
        return list(dict.fromkeys(rng.choices(self.texts, cum_weights=self.weights, k=count)))


@cache
def _words(borne_by: str, power: float) -> _Words:
    rows = [
        row
        for row in reference.rows("common_words")
        if row["borne_by"] == borne_by and len(row["word"]) >= _LEAST_LETTERS
    ]
    weights = accumulate(float(row["names_per_million"]) ** power for row in rows)
    return _Words(tuple(row["word"] for row in rows), tuple(weights))


def invented_name(rng: random.Random) -> tuple[str, bool]:
    """A person's name as lists write it (SURNAME, Given) or a firm's; whether a person's."""
    if rng.random() >= _FIRM_SHARE:
        surname, *given = _words("person", 1.0).draw(rng, rng.choice((2, 2, 3)))
        return f"{surname}, {' '.join(given)}" if given else surname, True
    words = _words("firm", _FLATTENED).draw(rng, rng.choice((1, 2, 2, 3, 4)))
    if rng.random() < _FORM_SHARE:
        words.append(" ".join(rng.choice(list(forms()))))
    return " ".join(words), False
