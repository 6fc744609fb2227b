"""The macros and the worked questions keep their headers' promises, judged on rows."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from scanner.schema import TABLES
from scanner.warehouse.macros import Macro, load_macros
from scanner.warehouse.readonly import Snapshot
from scanner.warehouse.relations import Relation, load_relations
from tests.report.published import publish_world, small_world
from tests.report.records import UETR

MACROS = load_macros()
QUESTIONS = load_relations("questions")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with Snapshot.open(publish_world(tmp_path_factory.mktemp("macros"))) as opened:
        yield opened


def _tables_in(sql: str) -> set[str]:
    words = sql.replace("(", " ").replace(")", " ").split()
    return {b for a, b in pairwise(words) if a in ("FROM", "JOIN")} & set(TABLES)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_a_question_is_answered_and_reads_what_it_says(
    snapshot: Snapshot, question: Relation
) -> None:
    snapshot.rows(question.sql)
    assert _tables_in(question.sql) == set(question.reads)
    assert len(question.purpose.split()) >= 5
    assert question.purpose.endswith("?")


def test_there_are_twenty_questions_in_order() -> None:
    assert [q.name[:3] for q in QUESTIONS] == [f"q{n:02}" for n in range(1, 21)]


@pytest.mark.parametrize("macro", MACROS, ids=lambda m: m.name)
def test_a_macro_reads_what_its_header_says(macro: Macro) -> None:
    assert _tables_in(macro.relation.sql) == set(macro.relation.reads)


@pytest.mark.parametrize("macro", MACROS, ids=lambda m: m.name)
def test_the_grain_that_a_macro_promises_is_unique(snapshot: Snapshot, macro: Macro) -> None:
    arguments = {
        "alerts_for": "'TESTAEAD'",
        "bank_months": "'CASPKZKAXXX'",
        "banks_of": "'m1-1'",
        "contributions_of": "'REFm1'",
        "find_payment": f"'{UETR}'",
        "ownership_paths": "['SAMPLE TRADING FZE']",
        "party_history": "'m3-1'",
        "payment_chain": f"'{UETR}'",
        "payment_messages": "'PAY-m1'",
        "reasons_of": "'REFm1'",
        "would_have_to_change": "'REFm1'",
    }.get(macro.name, "")
    found = snapshot.records(f"FROM {macro.name}({arguments})")
    if macro.name != "decided_scores":  # nothing is decided in this world
        assert found, "the invented world must give each macro a row"
    if macro.relation.grain != ("one row",):
        keys = [tuple(str(row[name]) for name in macro.relation.grain) for row in found]
        assert len(keys) == len(set(keys))
    else:
        assert len(found) == 1


def test_exposure_by_bank_counts_a_payment_once_and_by_its_worst_score(snapshot: Snapshot) -> None:
    rows = {r["bank_bic8"]: r for r in snapshot.records("FROM exposure_by_bank()")}
    sender = rows["TESTTRIS"]
    # m1 (with its cover, counted once), m3, m4, m5; exposed: m1 and m3
    assert (sender["payments"], sender["exposed_payments"]) == (4, 2)
    assert sender["value_usd"] == Decimal("277200.00")
    assert sender["exposed_value_usd"] == Decimal("276100.00")
    assert rows["CASPKZKA"]["payments"] == 1


def test_the_banks_own_bics_are_no_counterparties(tmp_path: Path) -> None:
    world = small_world()
    world["runs"] = [dict(world["runs"][0]) | {"home_bic8s": ["TESTTRIS", "CASPKZKA"]}]
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        banks = {r["bank_bic8"] for r in opened.records("FROM exposure_by_bank()")}
    assert banks == {"TESTAEAD"}


def test_a_threshold_never_hides_an_obligation(snapshot: Snapshot) -> None:
    strict = snapshot.records("FROM exposure_by_bank(min_score := 0.99)")
    assert {r["bank_bic8"]: r["exposed_payments"] for r in strict}["TESTTRIS"] == 1


def test_dates_bound_the_value_date(snapshot: Snapshot) -> None:
    rows = snapshot.records(
        "FROM exposure_by_corridor(from_date := DATE '2024-04-01', to_date := '2024-04-05')"
    )
    assert [(r["debtor_country"], r["creditor_country"], r["payments"]) for r in rows] == [
        ("TR", "KG", 1)
    ]


def test_an_unknown_country_is_a_row_of_its_own(snapshot: Snapshot) -> None:
    rows = snapshot.records("FROM exposure_by_corridor()")
    assert {(r["debtor_country"], r["creditor_country"]): r["payments"] for r in rows} == {
        ("TR", "KZ"): 1,
        ("TR", "KG"): 1,
        ("IT", "DE"): 1,
        ("TR", None): 1,
    }


def test_alerts_for_a_bank_take_branch_and_head_office_alike(snapshot: Snapshot) -> None:
    for bic in ("CASPKZKA", "CASPKZKAXXX", "caspkzka123"):
        rows = snapshot.records("FROM alerts_for($bic)", {"bic": bic})
        assert [r["transaction_id"] for r in rows] == ["m1-1"]
    assert snapshot.records("FROM alerts_for('NONEXX22')") == []


def test_payment_chain_follows_the_payment_beyond_the_uetr(snapshot: Snapshot) -> None:
    rows = snapshot.records("FROM payment_chain($u)", {"u": UETR.upper()})
    assert [r["transaction_id"] for r in rows] == ["m1-1", "m2-1"]


def test_trend_takes_every_grain_and_keeps_undated_payments_last(snapshot: Snapshot) -> None:
    for grain, first in (
        ("day", date(2024, 3, 1)),
        ("week", date(2024, 2, 26)),
        ("month", date(2024, 3, 1)),
        ("quarter", date(2024, 1, 1)),
        ("year", date(2024, 1, 1)),
    ):
        rows = snapshot.rows("FROM trend(grain := $g)", {"g": grain})
        assert rows[0][0] == first
        assert rows[-1][0] is None
        assert sum(r[1] for r in rows) == 4


def test_not_assessed_names_all_that_silence_would_hide(snapshot: Snapshot) -> None:
    rows = {
        (r["what"], r["detail"]): r["transactions"] for r in snapshot.records("FROM not_assessed()")
    }
    assert rows == {
        ("indicator not assessable", "first_payment_after_order"): 1,
        ("cannot score", "MT103"): 1,
        ("text not screened", "Chinese commercial codes"): 1,
        ("rejected, not read", "no_block_4"): 1,
        ("no country known", "creditor"): 1,
    }


def test_the_dictionary_holds_every_declared_column(snapshot: Snapshot) -> None:
    rows = snapshot.records("FROM data_dictionary()")
    assert {(r["table_name"], r["column_name"]): (r["data_type"], r["meaning"]) for r in rows} == {
        (t.name, c.name): (c.sql_type, c.meaning)
        for t in TABLES.values()
        if t.published
        for c in t.columns
    }
