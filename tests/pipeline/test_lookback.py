"""A look-back gives what one scan gives, takes files whole, and goes on where it was stopped."""

import signal
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scanner import watchlists
from scanner.cli.lookback_command import time_left
from scanner.errors import UsageError
from scanner.pipeline.file_days import days_of_files
from scanner.pipeline.lookback import (
    Knowledge,
    LookbackRequest,
    LookbackStep,
    LookbackSummary,
    lookback,
)
from scanner.pipeline.plan import ScanRequest, hashed_inputs
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.scan import scan, silent
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings
from scanner.simulate import Plan as WorldPlan
from scanner.simulate import simulate
from scanner.warehouse.readonly import Snapshot
from tests.pipeline.conftest import LISTED, TODAY, write_list
from tests.pipeline.payments import Payment, rje
from tests.pipeline.test_end_to_end import scores
from tests.pipeline.test_kills import outputs, run, start

WHOLE = (date(2000, 1, 1), date(2100, 1, 1))
LISTED_PARTY = ("OOO TARVEKSIM RADAR ZAVOD", "UL MIRA 1", "MOSCOW RU")


def look_back(workspace: Workspace, *sources: Path, **values: Any) -> LookbackSummary:
    told = values.pop("told", lambda step: None)
    first, last = values.pop("range", WHOLE)
    side = {name: values.pop(name) for name in ("customers", "ownership") if name in values}
    scan_request = ScanRequest(tuple(map(str, sources)), **side)
    request = LookbackRequest(scan_request, first, last, **values)
    return lookback(request, Settings(workspace=str(workspace.root)), today=TODAY, told=told)


def rows(workspace: Workspace, query: str) -> list[tuple[Any, ...]]:
    with Snapshot.open(workspace.snapshot) as snapshot:
        return snapshot.rows(query)


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """Four files in three months whose names do not follow the time."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for name, day in (("c", "240110"), ("a", "240212"), ("b", "240228"), ("d", "240305")):
        payments = [Payment(f"{name}{n:05d}", date=day) for n in range(3)]
        payments.append(Payment(f"{name}LISTED", creditor=LISTED_PARTY, date=day))
        (folder / f"{name}.fin").write_bytes(rje(payments))
    return folder


COMPARED = {
    "messages": "SELECT * FROM messages ORDER BY message_id",
    "transactions": "SELECT * FROM transactions ORDER BY transaction_id",
    "parties": "SELECT * FROM parties ORDER BY transaction_id, role, ordinal",
    "texts": "SELECT * FROM texts ORDER BY transaction_id, kind, ordinal",
    "payments": "SELECT * FROM payments ORDER BY payment_id",
    "hits": "SELECT * FROM hits ORDER BY hit_id",
    "goods_found": "SELECT * FROM goods_found ORDER BY ALL",
    "indicators": "SELECT * FROM indicators ORDER BY ALL",
    "scores": "SELECT * EXCLUDE (run_id) FROM scores ORDER BY transaction_id",
    "alerts": "SELECT * EXCLUDE (run_id) FROM alerts ORDER BY alert_id",
    "bank_exposure": "SELECT * FROM bank_exposure ORDER BY ALL",
    "customer_exposure": "SELECT * FROM customer_exposure ORDER BY ALL",
    "corridor_exposure": "SELECT * FROM corridor_exposure ORDER BY ALL",
    "significance": "SELECT * FROM significance ORDER BY ALL",
}


@pytest.mark.parametrize("table", COMPARED)
def test_a_look_back_equals_one_scan(table: str, worlds: tuple[Workspace, Workspace]) -> None:
    whole, parted = worlds
    query = COMPARED[table]
    assert rows(whole, query) == rows(parted, query)
    assert rows(whole, query)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Workspace]:
    """The same simulated quarter, scanned at once and looked back on month by month."""
    folder = tmp_path_factory.mktemp("worlds")
    simulate(WorldPlan(seed=11, payments=400, days=80, start=date(2024, 7, 1)), folder / "world")
    made = []
    for name in ("whole", "parted"):
        workspace = Workspace(folder / name)
        workspace.create()
        watchlists.update(folder / "world" / "lists", workspace.lists, loaded_on=TODAY)
        made.append(workspace)
    payments = folder / "world" / "payments"
    side_files = {name: folder / "world" / f"{name}.csv" for name in ("customers", "ownership")}
    request = ScanRequest((str(payments),), **side_files)  # type: ignore[arg-type]
    scan(request, Settings(workspace=str(made[0].root)), today=TODAY)
    summary = look_back(made[1], payments, **side_files)
    assert summary.partitions >= 3
    return made[0], made[1]


def test_partitions_follow_the_payments_and_not_the_names(
    workspace: Workspace, months: Path
) -> None:
    steps: list[LookbackStep] = []
    summary = look_back(workspace, months, told=steps.append)
    assert [
        (s.partition.label, [Path(f.file.path).stem for f in s.partition.files])
        for s in steps
        if s.partition
    ] == [("2024-01", ["c"]), ("2024-02", ["a", "b"]), ("2024-03", ["d"])]
    assert [(s.done, s.transactions_done, s.transactions_left) for s in steps] == [
        (0, 0, 16),
        (1, 4, 12),
        (2, 12, 4),
        (3, 16, 0),
    ]
    assert (summary.partitions, summary.transactions, summary.rejected) == (3, 16, 0)
    assert summary.bands["escalate"] == 4


def test_files_outside_the_range_are_left_out_and_those_partly_inside_are_whole(
    workspace: Workspace, months: Path
) -> None:
    (months / "e.fin").write_bytes(rje([Payment("EARLY", date="231230"), Payment("INSIDE1")]))
    (months / "notes.txt").write_text("no payment, but to be accounted for")
    summary = look_back(workspace, months, range=(date(2024, 2, 1), date(2024, 8, 31)))
    assert summary.left_out_files == 1
    told = {Path(row[0]).stem for row in rows(workspace, "SELECT source_file FROM messages")}
    assert told == {"a", "b", "d", "e"}
    assert set(scores(workspace)) >= {"EARLY", "INSIDE1"}
    assert rows(workspace, "SELECT count(*) FROM rejected") == [(1,)]


def test_a_range_without_payments_or_that_ends_before_it_begins_is_refused(
    workspace: Workspace, months: Path
) -> None:
    with pytest.raises(UsageError, match="no file bears"):
        look_back(workspace, months, range=(date(2020, 1, 1), date(2020, 12, 31)))
    with pytest.raises(UsageError, match="ends before"):
        look_back(workspace, months, range=(date(2024, 2, 1), date(2024, 1, 1)))


def test_what_was_finished_before_a_stop_is_kept(workspace: Workspace, months: Path) -> None:
    def stop_in_march(step: LookbackStep) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look_back(workspace, months, told=stop_in_march)
    kept = [run.manifest.run_id for run in stored_runs(workspace.runs)]
    assert len(kept) == 2
    steps: list[LookbackStep] = []
    summary = look_back(workspace, months, told=steps.append)
    assert [step.already_done for step in steps] == [False, True, True, False]
    assert summary.already_done == 2
    assert [run.manifest.run_id for run in stored_runs(workspace.runs)][:2] == kept
    assert summary.transactions == 16
    again = look_back(workspace, months)
    assert (again.already_done, again.partitions) == (3, 3)
    assert replace(again, already_done=2) == summary


def test_the_days_of_a_file_are_kept_even_when_the_last_line_is_torn(
    workspace: Workspace, months: Path
) -> None:
    files = hashed_inputs((str(months),), silent)
    first = days_of_files(files, workspace.runs, workers=1, progress=silent)
    store = workspace.runs / ".file-days.jsonl"
    whole = store.read_bytes()
    store.write_bytes(whole[:-20])
    read: list[str] = []

    def count(stage: str, done: int, total: int) -> None:
        read.append(stage)

    assert days_of_files(files, workspace.runs, workers=1, progress=count) == first
    assert read, "the torn file is read again"
    read.clear()
    assert days_of_files(files, workspace.runs, workers=1, progress=count) == first
    assert read == []
    assert [file.main_day for file in first] == [
        date(2024, 2, 12),
        date(2024, 2, 28),
        date(2024, 1, 10),
        date(2024, 3, 5),
    ]


def test_a_killed_look_back_goes_on_and_gives_the_same_bytes(tmp_path: Path, months: Path) -> None:
    lists = write_list(tmp_path / "lists")
    range_ = ("--from", "2024-01-01", "--to", "2024-12-31")
    found = []
    for name, is_killed in (("calm", False), ("rough", True)):
        root = tmp_path / name
        run("lists", "update", "--from", str(lists), "--date", "2024-05-03", "-w", str(root))
        arguments = ("lookback", str(months), *range_, "-w", str(root))
        if is_killed:
            process = start(*arguments)
            deadline = time.monotonic() + 60
            while not list(root.glob("runs/000001-*")) and time.monotonic() < deadline:
                time.sleep(0.01)
            process.kill()
            process.communicate()
            assert process.returncode == -signal.SIGKILL
            assert not (root / "exposure.duckdb").exists()
        process = start(*arguments, "--json")
        _, errors = process.communicate()
        assert process.returncode == 0, errors.decode()
        if is_killed:
            assert b"partition 1 of 3: 2024-01, 1 files, 4 transactions, already done" in errors
        else:
            assert b"transactions/s, about " in errors
        found.append(outputs(Workspace(root)))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("seconds", "done", "left", "words"),
    [
        (10.0, 1000, 6000, "; 100 transactions/s, about 1 min left"),
        (10.0, 1000, 400_000, "; 100 transactions/s, about 1.1 h left"),
        (1.0, 100, 200, "; 100 transactions/s, about 1 min left"),
        (10.0, 1000, 0, ""),
        (10.0, 0, 100, ""),
    ],
)
def test_the_time_left_is_told_at_the_rate_so_far(
    seconds: float, done: int, left: int, words: str
) -> None:
    assert time_left(seconds, done, left) == words


def test_each_payment_is_judged_by_the_lists_of_its_day(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    workspace.create()
    watchlists.update(
        write_list(tmp_path / "old", LISTED[1:]), workspace.lists, loaded_on=date(2024, 1, 1)
    )
    watchlists.update(write_list(tmp_path / "new"), workspace.lists, loaded_on=date(2024, 2, 15))
    folder = tmp_path / "archive"
    folder.mkdir()
    for day in ("240110", "240214", "240215", "240305"):
        payment = Payment(f"D{day}", creditor=LISTED_PARTY, date=day)
        (folder / f"{day}.fin").write_bytes(rje([payment]))
    steps: list[LookbackStep] = []
    look_back(workspace, folder, knowledge=Knowledge.PAYMENT_DATE, told=steps.append)
    assert [s.partition.as_of for s in steps if s.partition] == [
        date(2024, 1, 10),
        date(2024, 2, 14),
        date(2024, 2, 15),
        date(2024, 3, 5),
    ]
    assert {r: row["obligation"] for r, row in scores(workspace).items()} == {
        "D240110": False,
        "D240214": False,
        "D240215": True,
        "D240305": True,
    }
    look_back(workspace, folder, knowledge=date(2024, 1, 31))
    assert not any(row["obligation"] for row in scores(workspace).values())
    look_back(workspace, folder)
    assert all(row["obligation"] for row in scores(workspace).values())
