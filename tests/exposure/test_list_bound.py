"""What hangs on the lists is told by headers, and what carries it across transactions is known."""

import re

import pytest

from scanner import reference
from scanner.exposure import list_bound_codes
from scanner.exposure.list_bound import ACROSS, code_of, list_bound, needed_for
from scanner.pipeline.delta import MADE, UNTOUCHED
from scanner.pipeline.stages import LIST_TABLES
from scanner.schema import TABLES
from scanner.warehouse import Relation, load_relations

ROOMS = ("canonical", "exposure/texts", "exposure/found", "exposure/facts", "features")
RELATIONS = [r for room in (*ROOMS, "exposure/indicators") for r in load_relations(room)]
BOUND = list_bound(RELATIONS)
OF_OTHER_TRANSACTIONS = ("timeline", "transfer_facts", "listed_account_facts")


def test_nothing_read_from_messages_hangs_on_the_lists() -> None:
    rooms = {r.path.relative_to(r.path.parents[2]).as_posix() for r in BOUND}
    assert not [name for name in rooms if "canonical" in name or "found" in name]
    assert {r.makes for r in BOUND}.isdisjoint(UNTOUCHED)


def test_what_carries_the_lists_across_transactions_is_known() -> None:
    """A relation that is added here has to be asked for in `scanner/sql/delta/spread`."""
    carrying = {
        r.name
        for r in BOUND
        if any(name in OF_OTHER_TRANSACTIONS or name.startswith("history_") for name in r.reads)
        and r.makes not in ("feature_evidence", "features")
    }
    assert carrying == ACROSS


def test_only_the_features_of_hits_hang_on_the_lists() -> None:
    features = {r.name for r in BOUND if r.path.parent.name == "features"}
    assert features == {"feature_hits", "feature_owned", "feature_evidence", "features"}
    evidence = next(r for r in BOUND if r.name == "feature_evidence")
    assert set(evidence.reads) & {r.makes for r in BOUND} == {
        "feature_hits", "feature_owned", "exceptions", "transfer_facts",
    }  # fmt: skip


def test_every_table_is_taken_made_or_measured_anew() -> None:
    measured = {r.makes for r in load_relations("exposure/banks")} & set(TABLES)
    known = UNTOUCHED | set(MADE) | set(LIST_TABLES) | measured
    assert known | {"transfer_facts", "listed_account_facts", "ownership", "runs"} == set(TABLES)


@pytest.mark.parametrize(
    "relation", load_relations("exposure/indicators"), ids=lambda relation: relation.name
)
def test_the_code_of_an_indicator_is_its_name(relation: Relation) -> None:
    assert set(re.findall(r"i\.code = '([^']+)'", relation.sql)) == {code_of(relation)}


def test_the_codes_that_lists_can_alter() -> None:
    codes = list_bound_codes()
    assert {"RF-01", "RF-02", "RF-03", "EX-01", "EX-02", "NX-01", "NX-03"} <= set(codes)
    assert {"EV-06", "HX-01", "RF-12", "RF-26"}.isdisjoint(codes)
    assert set(codes) <= {row["code"] for row in reference.rows("indicators")}


def test_what_a_relation_is_made_of_comes_with_it() -> None:
    facts = load_relations("exposure/facts")
    names = {r.name for r in needed_for(("limbs",), facts)}
    assert {"limbs", "hit_facts", "nexus_facts", "transaction_banks"} <= names
    assert "timeline" not in names
    assert {r.name for r in needed_for(("nexus_summary",), facts, given=("nexus_facts",))} == {
        "nexus_summary"
    }
