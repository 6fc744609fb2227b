"""How well goods are read in texts that were labelled before the reader was measured on them.

The sets name for each text the HS headings of the goods in it. A text counts as read where
every heading named is found; a text in which something is found counts as right only where
it is one of those. How each set did before the reader was changed for it stands in
`docs/methodology.md`; the floors here hold what was reached since.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from scanner.exposure import goods_in

CASES = Path(__file__).parent.parent / "cases"
SETS = ("goods_held_out", "goods_held_out_later")
LEAST_RECALL, LEAST_PRECISION = 0.95, 0.97


@dataclass(frozen=True)
class Measured:
    """Counts over the labelled texts."""

    named: int
    read: int
    found: int
    right: int
    wrong: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.read / self.named

    @property
    def precision(self) -> float:
        return self.right / self.found


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def measured(name: str) -> Measured:
    named = read = found = right = 0
    wrong = []
    for case in cases(name):
        goods = goods_in(case["text"], describes_goods=case["kind"] == "goods_description")
        headings = {(one.good.hs6 or case["text"][one.start : one.end])[:4] for one in goods}
        wanted = set(case["headings"].split())
        is_read = bool(wanted) and wanted <= headings
        named += bool(wanted)
        read += is_read
        found += bool(goods)
        right += is_read
        if is_read != bool(goods) or bool(wanted) != is_read:
            wrong.append(case["text"])
    return Measured(named, read, found, right, tuple(wrong))


@pytest.mark.parametrize("name", SETS)
def test_recall_and_precision_stay_above_their_floors(name: str) -> None:
    result = measured(name)
    assert result.recall >= LEAST_RECALL, result.wrong
    assert result.precision >= LEAST_PRECISION, result.wrong


@pytest.mark.parametrize("language", ["en", "ru", "ru-latin", "ru-rur6", "tr", "xx"])
def test_the_first_set_holds_each_language_in_numbers(language: str) -> None:
    assert Counter(case["language"] for case in cases(SETS[0]))[language] >= 12


@pytest.mark.parametrize("name", SETS)
def test_a_third_of_a_set_names_no_goods(name: str) -> None:
    assert sum(not case["headings"] for case in cases(name)) >= len(cases(name)) / 3


def test_no_text_stands_in_two_sets() -> None:
    texts = [case["text"].casefold() for name in ("goods", *SETS) for case in cases(name)]
    assert len(texts) == len(set(texts))
