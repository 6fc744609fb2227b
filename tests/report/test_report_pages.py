"""Reports as text: self-contained, policy and hashes agree, tables and their twins agree."""

import base64
import hashlib
import json
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from scanner.errors import UsageError
from scanner.report import KINDS, Subject, build, render
from scanner.report.document import Column, Grid, shown
from scanner.report.page import bounded, island
from scanner.report.svg import bars_over_time, chain, heat_map, nice_ceiling, ranking, short_number
from scanner.report.twins import as_table
from scanner.warehouse.readonly import Snapshot
from tests.report.hostile import HOSTILE
from tests.report.published import publish_world, small_world


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with Snapshot.open(publish_world(tmp_path_factory.mktemp("pages"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with Snapshot.open(publish_world(tmp_path_factory.mktemp("empty"), {})) as opened:
        yield opened


def subject(kind: str) -> Subject:
    return Subject("REFm1" if kind == "alert" else None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_needs_nothing_else(snapshot: Snapshot, kind: str) -> None:
    html = render(kind, snapshot, subject(kind))
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", html)
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=", html.split("<body>")[1])
    assert html.count("<style>") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_policy_names_the_hash_of_what_stands_in_the_page(
    snapshot: Snapshot, kind: str
) -> None:
    html = render(kind, snapshot, subject(kind))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    for tag in ("style", "script"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert text is not None
        digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"sha256-{digest}" in policy[1].replace("&#39;", "'").replace("&#43;", "+")


@pytest.mark.parametrize("kind", KINDS)
def test_equal_snapshots_give_equal_pages(snapshot: Snapshot, kind: str, tmp_path: Path) -> None:
    with Snapshot.open(publish_world(tmp_path)) as again:
        assert render(kind, again, subject(kind)) == render(kind, snapshot, subject(kind))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "alert"])
def test_a_report_on_nothing_is_a_report(empty: Snapshot, kind: str) -> None:
    assert "</html>" in render(kind, empty)


@pytest.mark.parametrize("kind", ["summary", "alert", "examiner"])
def test_the_words_of_a_page_are_as_before(snapshot: Snapshot, kind: str) -> None:
    html = render(kind, snapshot, subject(kind))
    body = re.sub(r"<(script|svg)\b.*?</\1>", "", html.split("<body>")[1], flags=re.DOTALL)
    lines = [" ".join(line.split()) for line in re.sub(r"<[^>]+>", "\n", body).split("\n")]
    words = "\n".join(line for line in lines if line) + "\n"
    golden = Path(__file__).parent / "golden" / f"{kind}.txt"
    if os.environ.get("SCANNER_GOLDEN") == "write":
        golden.write_text(words, "utf-8")
    assert words == golden.read_text("utf-8")


def test_the_summary_shows_every_alert_and_what_was_not_checked(snapshot: Snapshot) -> None:
    report = build("summary", snapshot)
    grids = {grid.name: grid for grid in report.grids()}
    assert [row[1] for row in grids["alerts"].rows] == ["REFm1", "REFm2", "REFm3", "REFm5"]
    assert ("rejected, not read", "no_block_4", 1) in grids["not_checked"].rows
    assert grids["customers"].rows[0][:6] == (
        "C1",
        "ORNEK DIS TICARET AS",
        "TR",
        4,
        Decimal("277200.00"),
        2,
    )
    assert {s.name for s in report.sections} >= {"banks", "corridors", "rejected", "runs"}


def test_the_examiner_sees_the_balance_the_lists_and_both_sides_of_the_line(
    snapshot: Snapshot,
) -> None:
    grids = {grid.name: grid for grid in build("examiner", snapshot).grids()}
    assert grids["reconciliation"].note == "Every file balances."
    assert grids["lists"].rows[0][0] == "OFAC-SDN"
    sides = [row[0] for row in grids["around_threshold"].rows]
    assert sides == ["above", "above", "below"]
    assert grids["suppressions"].rows[0][0].startswith("rule 7 of aylin")
    assert grids["exceptions"].rows[0][3] == 1


def test_the_examiner_sees_every_change_of_a_setting(tmp_path: Path) -> None:
    world = small_world()
    later = {"run_id": "000002-bbbb2222", "settings": '{"name_threshold": 0.6, "home_bic8s": []}'}
    world["runs"].append(dict(world["runs"][0]) | later)
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        grids = {grid.name: grid for grid in build("examiner", opened).grids()}
    assert grids["settings"].rows == (
        ("000001-aaaa1111", "name_threshold", "0.5", ""),
        ("000001-aaaa1111", "home_bic8s", '["HOMEBANK"]', ""),
        ("000002-bbbb2222", "name_threshold", "0.6", "0.5"),
        ("000002-bbbb2222", "home_bic8s", "[]", '["HOMEBANK"]'),
    )


def test_a_file_that_does_not_balance_is_said_so(tmp_path: Path) -> None:
    world = small_world()
    world["scores"] = world["scores"][1:]
    with Snapshot.open(publish_world(tmp_path, world)) as opened:
        grids = {grid.name: grid for grid in build("quality", opened).grids()}
    assert grids["reconciliation"].note == "1 files do not balance."


def test_a_bank_is_found_by_bic_and_its_factors_are_words(snapshot: Snapshot) -> None:
    grids = {g.name: g for g in build("bank", snapshot, Subject("caspkzkaxxx")).grids()}
    assert [row[1] for row in grids["alerts"].rows] == ["REFm1"]
    assert grids["factors"].rows == (
        ("CASPKZKA", "size", "value usd 275000"),
        ("CASPKZKA", "nexus", "listed 1"),
    )
    with pytest.raises(UsageError, match="no payment names this bank"):
        build("bank", snapshot, Subject("NONEXX22"))


def test_an_alert_report_wants_a_key_and_an_unknown_kind_is_told(snapshot: Snapshot) -> None:
    with pytest.raises(UsageError, match="about one payment"):
        build("alert", snapshot)
    with pytest.raises(UsageError, match="unknown kind"):
        build("novel", snapshot)


def test_the_model_report_says_when_its_quality_is_not_known(snapshot: Snapshot) -> None:
    assert "its quality is not known" in render("model", snapshot)
    evaluation = {"by": {"curve": [{"predicted": 0.2, "observed": 0.25}]}, "recall": {"1%": 0.5}}
    html = render("model", snapshot, Subject(card={"seed": 7}, evaluation=evaluation))
    assert "its quality is not known" not in html
    assert "predicted 0.200, observed 0.250" in html
    grids = {g.name: g for g in build("model", snapshot, Subject(evaluation=evaluation)).grids()}
    assert grids["evaluation_recall"].rows == (("1%", 0.5),)
    budgets = {"budgets": {"0.01": {"model": {"recall": 0.4}, "sum": {"recall": 0.3, "top": 5}}}}
    grids = {g.name: g for g in build("model", snapshot, Subject(evaluation=budgets)).grids()}
    assert grids["evaluation_budgets"].rows == (
        ("0.01", "model", 0.4, None),
        ("0.01", "sum", 0.3, 5),
    )


EVALUATION = {
    "budgets": {
        "0.01": {
            "model": {"recall": 0.4, "most_possible_recall": 0.5},
            "indicators_sum": {"recall": 0.3},
        },
        "0.001": {
            "model": {"recall": 0.05, "most_possible_recall": 0.05},
            "indicators_sum": {"recall": float("nan")},
        },
        "note": {"model": {"recall": 9}},
    },
    "recall_by_typology": {"T01": 1.0, "T05": {"recall": 0.25, "payments": 8}, "<b>": 0.5},
    "challengers": {
        "scorecard": {
            "budgets": {"0.01": {"model": {"recall": 0.45}}},
            "recall_by_typology": {"T01": 0.9},
        }
    },
}


def test_the_evaluation_is_drawn_with_rivals_and_challengers(snapshot: Snapshot) -> None:
    html = render("model", snapshot, Subject(evaluation=EVALUATION))
    for tip in (
        "1.00% alert, model: 0.400",
        "1.00% alert, indicators_sum: 0.300",
        "1.00% alert, challenger scorecard: 0.450",
        "0.10% alert, model: 0.050",
        "T05, model: 0.250",
        "T01, challenger scorecard: 0.900",
        "&lt;b&gt;, model: 0.500",
    ):
        assert f"<title>{tip}</title>" in html
    assert "0.10% alert, indicators_sum" not in html
    assert "<b>, model" not in html
    grids = {g.name: g for g in build("model", snapshot, Subject(evaluation=EVALUATION)).grids()}
    assert grids["recall_at_budgets"].rows[0] == ("0.10% alert", "model", 0.05, 0.05)
    assert grids["recall_by_typology"].rows[0] == ("T01", "model", 1.0)


@pytest.mark.parametrize(
    "evaluation",
    [
        {"budgets": []},
        {"budgets": {"1 %": {"model": {"recall": 1}}}},
        {"budgets": {"0.01": {"model": {"precision": 1}}}},
        {"recall_by_typology": {}, "challengers": 3},
        {"recall_by_typology": {"T01": None}},
    ],
)
def test_what_an_evaluation_does_not_hold_is_not_drawn(
    snapshot: Snapshot, evaluation: dict[str, Any]
) -> None:
    html = render("model", snapshot, Subject(evaluation=evaluation))
    assert "Recall at each alert budget" not in html
    assert "Recall by typology</title>" not in html


@pytest.mark.parametrize("kind", KINDS)
def test_every_table_has_a_twin_with_the_same_rows(snapshot: Snapshot, kind: str) -> None:
    names = set()
    for grid in build(kind, snapshot, subject(kind)).grids():
        table = as_table(grid)
        assert table.column_names == [column.key for column in grid.columns]
        assert table.num_rows == len(grid.rows)
        names.add(grid.name)
    assert len(names) == len(build(kind, snapshot, subject(kind)).grids())


def test_a_twin_keeps_decimals_exact() -> None:
    grid = Grid("x", "x", (Column("a", "A"),), ((Decimal("1.10"),), (None,), (Decimal("2.12345"),)))
    table = as_table(grid)
    assert table.schema.field("a").type == pa.decimal128(38, 5)
    assert table["a"].to_pylist() == [Decimal("1.10000"), None, Decimal("2.12345")]


def test_an_island_cannot_be_left_and_gives_every_text_back() -> None:
    grid = Grid("x", "x", (Column("a", "A"),), tuple((v,) for v in HOSTILE.values()))
    text = str(island(grid.cells()))
    assert not re.search(r"[<>&]", text)
    cells = json.loads(text)
    assert cells[0][0] == HOSTILE["script"]
    assert max(len(row[0]) for row in cells) < 500


def test_a_long_text_says_how_much_is_left_out() -> None:
    assert bounded("abcdef", 6) == "abcdef"
    assert bounded("a" * 50 + "b" * 50, 10) == "aaaaa [… 90 characters …] bbbbb"


def test_drawings_escape_their_words() -> None:
    from datetime import date

    from scanner.report.svg import Event, Node

    hostile = HOSTILE["script"]
    drawn = [
        chain([Node(hostile, hostile), Node("b", "c")], [hostile], title=hostile),
        heat_map([hostile], [hostile], {(hostile, hostile): 1.0}, title=hostile),
        ranking([hostile], [1.0], [2.0], title=hostile),
        bars_over_time(
            [date(2024, 1, 1)],
            [1.0],
            [2.0],
            title=hostile,
            part_words=hostile,
            whole_words=hostile,
            events=[Event(date(2024, 1, 2), hostile)],
        ),
    ]
    for svg in drawn:
        assert "<script" not in svg
        assert "&lt;script" in svg


@pytest.mark.parametrize(
    ("value", "ceiling"), [(0, 1), (-3, 1), (1, 1), (1.1, 2), (2.1, 2.5), (4e6, 5e6), (0.07, 0.1)]
)
def test_a_scale_ends_at_a_round_number(value: float, ceiling: float) -> None:
    assert nice_ceiling(value) == pytest.approx(ceiling)


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (999, "999"), (1250, "1.25k"), (2.5e6, "2.5M"), (3e9, "3B")]
)
def test_a_number_is_shortened(value: float, words: str) -> None:
    assert short_number(value) == words


def test_values_are_shown_for_people() -> None:
    assert shown(None) == ""
    assert shown(True) == "yes"
    assert shown(Decimal("1234567.5"), "money") == "1,234,568"
    assert shown(0.256, "share") == "25.6%"
    assert shown(["a", None, 2]) == "a, , 2"
