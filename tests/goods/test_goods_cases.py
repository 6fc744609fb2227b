"""The goods reader on labelled texts: what must be found, and what looks like it and is none."""

import csv
from pathlib import Path

import pytest

from scanner.exposure import goods_in

CASES = Path(__file__).parent.parent / "cases" / "goods.csv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["tier"] == "must" or not row["goods"]]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["text"][:40])
def test_case(case: dict[str, str]) -> None:
    found = goods_in(case["text"], describes_goods=case["kind"] == "goods_description")
    codes = {one.good.hs6 or "-" for one in found}
    assert set(case["goods"].split()) <= codes, found
    if case["tier"] == "not":
        assert not found
    for one in found:
        assert 0 <= one.start < one.end <= len(case["text"])
        assert 0.5 <= one.confidence <= 1
