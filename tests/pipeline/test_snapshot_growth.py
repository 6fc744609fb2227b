"""A snapshot that grew night by night holds what one built anew from all the runs holds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scanner import watchlists
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.publish import publish
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.scan import scan
from scanner.pipeline.snapshot_note import known_runs
from scanner.pipeline.workspace import Workspace
from scanner.report.decisions import Wanted, decide
from scanner.schema import TABLES
from scanner.settings import Settings
from scanner.warehouse.decision_log import append_act
from scanner.warehouse.readonly import Snapshot
from tests.bench.nights import Bank, make_bank
from tests.pipeline.conftest import TODAY

Tables = dict[str, list[tuple[Any, ...]]]


def halved(day: Path) -> tuple[Path, Path]:
    """One day as two files, so that many a cover or return comes apart from its transfer."""
    messages = day.read_bytes().split(b"\r\n$\r\n")
    halves = day.with_suffix(".1.fin"), day.with_suffix(".2.fin")
    for n, path in enumerate(halves):
        path.write_bytes(b"\r\n$\r\n".join(messages[n::2]))
    return halves


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    made = make_bank(tmp_path / "bank", days=3, payments_a_day=90, guilty_share=0.3)
    return replace(made, days=tuple(half for day in made.days for half in halved(day)))


def settings_of(bank: Bank, *, views: bool = False) -> Settings:
    return Settings(
        workspace=str(bank.workspace),
        home_bic8s=(bank.home_bic8,),
        snapshot_transactions_max=0 if views else 1_000_000,
    )


def night(bank: Bank, *sources: Path, views: bool = False, **asked: Any) -> None:
    request = ScanRequest(tuple(map(str, sources)), customers=bank.customers, **asked)
    scan(request, settings_of(bank, views=views), today=TODAY)


def shown(workspace: Workspace) -> Tables:
    with Snapshot.open(workspace.snapshot) as snapshot:
        rows = {
            t.name: snapshot.rows(f'SELECT * FROM "{t.name}" ORDER BY ALL')
            for t in TABLES.values()
            if t.published
        }
        rows["comments"] = snapshot.rows(
            "SELECT table_name, column_name, comment FROM duckdb_columns()"
            " WHERE database_name = 'exposure' UNION ALL SELECT function_name, '', comment"
            " FROM duckdb_functions() WHERE database_name = 'exposure' ORDER BY ALL"
        )
    return rows


def add(act: dict[str, Any], before: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return act


def require_equal_to_one_built_anew(bank: Bank, *, views: bool = False) -> Tables:
    workspace = Workspace(bank.workspace)
    grown = shown(workspace)
    publish(workspace, settings_of(bank, views=views), anew=True)
    anew = shown(workspace)
    for name, rows in anew.items():
        assert grown[name] == rows, name
    return anew


@pytest.fixture
def grown_by(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many runs each publication took over."""
    known: list[int] = []

    def counted(*arguments: Any) -> int:
        known.append(known_runs(*arguments))
        return known[-1]

    monkeypatch.setattr("scanner.pipeline.publish.known_runs", counted)
    return known


@pytest.mark.parametrize("views", [False, True])
def test_nights_one_after_the_other(bank: Bank, grown_by: list[int], views: bool) -> None:
    for day in bank.days[:3]:
        night(bank, day, views=views)
        rows = require_equal_to_one_built_anew(bank, views=views)
    assert grown_by == [0, 1, 2]
    runs_of: dict[Any, set[Any]] = {}
    columns = TABLES["scores"].column_names
    payment, run = columns.index("payment_id"), columns.index("run_id")
    for row in rows["scores"]:
        runs_of.setdefault(row[payment], set()).add(row[run])
    assert sum(len(runs) > 1 for runs in runs_of.values()) >= 5
    assert all(rows[name] for name in ("alerts", "payments", "bank_exposure", "significance"))


def test_nights_with_decisions_and_a_new_list_between(bank: Bank, grown_by: list[int]) -> None:
    workspace = Workspace(bank.workspace)
    night(bank, *bank.days[:4])
    with Snapshot.open(workspace.snapshot) as snapshot:
        alerts = snapshot.records("SELECT * FROM alerts ORDER BY alert_id LIMIT 2")
    for alert, action in zip(alerts, ("confirm", "clear"), strict=True):
        act = decide(alert, [], Wanted(action, "aylin", "2026-11-24T09:00:00", "for the test"))
        append_act(workspace.decisions, partial(add, act))
    night(bank, bank.days[4])
    rows = require_equal_to_one_built_anew(bank)
    assert len(rows["decisions"]) == 2
    changed = bank.workspace.parent / "lists"
    first, *others = (changed / "SDN.CSV").read_bytes().splitlines(keepends=True)
    number = first.partition(b",")[0]
    (changed / "SDN.CSV").write_bytes(
        b"".join([first, first.replace(number, b"99999", 1), *others])
    )
    watchlists.update(changed, workspace.lists, loaded_on=TODAY)
    night(bank, bank.days[5])
    rows = require_equal_to_one_built_anew(bank)
    assert len(rows["list_versions"]) >= 2
    assert grown_by == [0, 1, 2]


def test_a_file_that_a_later_run_stands_for_makes_the_snapshot_anew(
    bank: Bank, grown_by: list[int]
) -> None:
    night(bank, bank.days[0], bank.days[1])
    night(bank, bank.days[1], force=True)
    require_equal_to_one_built_anew(bank)
    night(bank, bank.days[2])
    require_equal_to_one_built_anew(bank)
    assert grown_by == [0, 0, 2]


@pytest.mark.parametrize("change", ["touched", "other program", "damaged note", "no note"])
def test_what_does_not_fit_the_note_is_not_taken_over(
    bank: Bank, change: str, grown_by: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(bank.workspace)
    night(bank, bank.days[0])
    note = workspace.root / ".snapshot-note.json"
    if change == "touched":
        workspace.snapshot.touch()
    elif change == "other program":
        monkeypatch.setattr("scanner.pipeline.snapshot_note.__version__", "0.0.0")
    elif change == "damaged note":
        note.write_text(json.dumps([note.read_text()]))
    else:
        note.unlink()
    night(bank, bank.days[1])
    assert grown_by == [0, 0]
    assert known_runs(workspace, stored_runs(workspace.runs)) == 2
