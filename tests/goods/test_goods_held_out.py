"""How well goods are read in texts that were labelled before anybody looked at the word lists.

`cases/goods_held_out.csv` names for each text the HS headings of the goods in it. A text
counts as read where every heading named is found; a text in which something is found counts
as right only where it is one of those. The figures stand in `docs/methodology.md`.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from scanner.exposure import goods_in

CASES = Path(__file__).parent.parent / "cases" / "goods_held_out.csv"
METHODOLOGY = Path(__file__).parent.parent.parent / "docs" / "methodology.md"
LEAST_RECALL, LEAST_PRECISION = 0.77, 0.92


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


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def measured() -> Measured:
    named = read = found = right = 0
    wrong = []
    for case in cases():
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


def test_recall_and_precision_stay_above_their_floors() -> None:
    result = measured()
    assert result.recall >= LEAST_RECALL, result.wrong
    assert result.precision >= LEAST_PRECISION, result.wrong


@pytest.mark.parametrize("language", ["en", "ru", "ru-latin", "ru-rur6", "tr", "xx"])
def test_the_set_holds_each_language_in_numbers(language: str) -> None:
    assert Counter(case["language"] for case in cases())[language] >= 12


def test_a_third_of_the_set_names_no_goods() -> None:
    assert sum(not case["headings"] for case in cases()) >= len(cases()) / 3


def test_no_text_of_the_set_is_a_case_of_the_other_tests() -> None:
    with (CASES.parent / "goods.csv").open(encoding="utf-8", newline="") as file:
        known = {row["text"].casefold() for row in csv.DictReader(file)}
    assert not known & {case["text"].casefold() for case in cases()}
