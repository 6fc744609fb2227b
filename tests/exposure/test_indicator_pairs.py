"""Every indicator fires on its case and stays quiet on the look-alike."""

import json
from functools import cache

import pytest

from scanner import reference
from scanner.schema import TABLES
from scanner.warehouse import load_relations
from tests.exposure.pairs import PAIRS
from tests.exposure.world import Assessed, World

DECLARED = {row["code"]: row for row in reference.rows("indicators")}


@cache
def assessed_pair(code: str) -> Assessed:
    return PAIRS[code](World()).assessed()


@pytest.mark.parametrize("code", sorted(PAIRS))
def test_it_fires_on_its_case_and_not_on_the_look_alike(code: str) -> None:
    assessed = assessed_pair(code)
    assert code in assessed.found("bad")
    assert code not in assessed.found("good")


def test_every_declared_relation_has_a_file_and_a_pair() -> None:
    declared = {row["relation"]: code for code, row in DECLARED.items() if row["relation"]}
    files = {relation.name for relation in load_relations("exposure/indicators")}
    assert files == set(declared)
    assert set(declared.values()) == set(PAIRS)


def test_what_is_not_assessed_says_why() -> None:
    for row in DECLARED.values():
        assert bool(row["relation"]) != bool(row["not_assessed_because"]), row["code"]


@pytest.mark.parametrize("code", sorted(PAIRS))
def test_its_rows_keep_the_declared_table(code: str) -> None:
    assessed = assessed_pair(code)
    rows = assessed.warehouse.arrow("SELECT * FROM indicators").to_pylist()
    declared = DECLARED[code]
    for row in rows:
        assert 0 <= row["strength"] <= 1, row
        assert isinstance(json.loads(row["evidence"]), dict)
        assert row["outcome"] in ("found", "not_assessable")
        assert row["source"]
        if row["code"] == code:
            assert (row["level"], row["limb"]) == (declared["level"], declared["limb"])
    keys = [(r["transaction_id"], r["code"], r["evidence"]) for r in rows]
    assert len(keys) == len(set(keys))
    assert TABLES["indicators"].grain == ("transaction_id", "code", "evidence")
