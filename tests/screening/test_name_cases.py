"""Labelled pairs of names, judged against an invented list."""

import csv
import random
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pytest

from scanner.schema import TABLES
from scanner.screening import Index, open_index, prepare, screen_names
from scanner.screening.training import ListPart
from scanner.simulate.world import coined_name

CASES = list(
    csv.DictReader(
        (Path(__file__).parents[1] / "cases" / "names.csv").read_text("utf-8").splitlines()
    )
)
LIMIT = 0.5


def is_person(name: str) -> bool:
    return "," in name and "CO.," not in name


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    rng = random.Random(8)
    fill = [f"{coined_name(rng)}{coined_name(rng)} {coined_name(rng)} OOO" for _ in range(400)]
    names = [*dict.fromkeys(case["listed"] for case in CASES), *fill]
    rows = [{"entry_id": f"T:{i}", "list": "T", "name": name} for i, name in enumerate(names)]
    entries = [
        {"entry_id": r["entry_id"], "list": "T", "entry_name": r["name"], "measure": "blocking",
         "entry_type": "individual" if is_person(r["name"]) else "entity", "programs": ["P"],
         "eo14024_blocked": True, "section_11_remark": True, "countries": ["RU"]}
        for r in rows
    ]  # fmt: skip
    named = [{**row, "quality": "primary"} for row in rows]
    folder = tmp_path_factory.mktemp("cases") / "index"
    lists = ListPart(
        pa.Table.from_pylist(entries, TABLES["list_entries"].arrow_schema),
        pa.Table.from_pylist(named, TABLES["list_names"].arrow_schema),
        pa.Table.from_pylist([], TABLES["list_identifiers"].arrow_schema),
    )
    prepare(lists, None, folder)
    return open_index(folder)


def score(case: dict[str, str], index: Index) -> float:
    found = screen_names([case["query"]], index, limit=20).to_pylist()
    return max((r["score"] for r in found if r["matched_name"] == case["listed"]), default=0.0)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["tier"] == "STRONG"], ids=lambda c: c["query"]
)
def test_a_strong_pair_is_found(case: dict[str, str], index: Index) -> None:
    assert score(case, index) >= LIMIT, case["reason"]


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["tier"] == "NEGATIVE"], ids=lambda c: c["query"]
)
def test_a_negative_pair_is_not_found(case: dict[str, str], index: Index) -> None:
    assert score(case, index) < LIMIT, case["reason"]


def test_scores_fall_from_tier_to_tier(index: Index) -> None:
    scores = defaultdict(list)
    for case in CASES:
        scores[case["tier"]].append(score(case, index))
    means = [sum(scores[t]) / len(scores[t]) for t in ("STRONG", "MEDIUM", "WEAK", "NEGATIVE")]
    assert means == sorted(means, reverse=True), means


def test_there_are_enough_labelled_pairs_with_reasons() -> None:
    assert len(CASES) >= 300
    assert all(case["reason"] for case in CASES)
    assert {case["tier"] for case in CASES} == {"STRONG", "MEDIUM", "WEAK", "NEGATIVE"}


def test_most_medium_pairs_are_found(index: Index) -> None:
    medium = [case for case in CASES if case["tier"] == "MEDIUM"]
    found = sum(score(case, index) >= LIMIT for case in medium)
    assert found >= 0.65 * len(medium), found / len(medium)
