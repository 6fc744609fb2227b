"""Rescreening after a change of the lists gives what scans of the same files give."""

import os
import random
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner import watchlists
from scanner.cli.app import cli
from scanner.errors import UsageError
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.replay import replay
from scanner.pipeline.rescreen import RescreenSummary, rescreen
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.scan import scan, silent
from scanner.pipeline.workspace import Workspace
from scanner.schema import TABLES
from scanner.settings import Settings
from scanner.simulate.world import coined_name
from scanner.warehouse.readonly import Snapshot
from tests.pipeline.conftest import LISTED, TODAY, write_csv, write_list
from tests.pipeline.payments import Payment, rje
from tests.pipeline.test_end_to_end import OWNERSHIP, scores

Row = tuple[str, str, str, str]
# Which run it was, and where it keeps what was rejected.
OF_RUN = {"run_id", "excerpt_location"}
ROW = ("MIRDONEX HOLDING AO", "OFAC-SDN:91003", "DELQUORA TRADING FZE", "AE", 60, "", "")
# Random lists and changes of them; more in the long form.
SEEDS = range(6 if os.environ.get("SCANNER_BENCH") == "long" else 1)
ADDED = ("91009", "ZELMORANT OPTIKA AO", "RUSSIA-EO14024", "Registration ID 7")


def invented(rng: random.Random, count: int, *, first: int = 92000) -> list[Row]:
    return [
        (
            str(first + i),
            f"{coined_name(rng)}{coined_name(rng)} {coined_name(rng)}".upper(),
            "RUSSIA-EO14024",
            f"Registration ID {rng.randrange(10**6)}",
        )
        for i in range(count)
    ]


def changed(rng: random.Random, entries: list[Row]) -> list[Row]:
    """Some entries gone, renamed, with other facts, and some new ones."""
    made = []
    for number, name, program, remark in entries:
        chance = rng.random()
        if chance < 0.04:
            continue
        if chance < 0.08:
            name = name.replace("A", "O", 1)  # noqa: PLW2901
        elif chance < 0.12:
            remark = "Tax ID No. 7701234511 (Russia)"  # noqa: PLW2901
        made.append((number, name, program, remark))
    return [*made, ADDED, *invented(rng, 3, first=92500)]


class Bank:
    """Two nights, the second with an ownership file, one file that is partly unreadable."""

    def __init__(self, folder: Path, seed: int) -> None:
        rng = random.Random(seed)
        self.folder, self.workspace = folder, Workspace(folder / "w")
        self.workspace.create()
        self.settings = Settings(workspace=str(self.workspace.root))
        self.entries = [*LISTED, *invented(rng, 60)]
        self.update(self.entries, date(2024, 5, 3))
        self.shares = write_csv(folder / "shares.csv", [OWNERSHIP, ROW])
        self.next = changed(rng, self.entries)
        names = [name for _, name, *_ in (*self.entries, *self.next)]
        for day in (1, 2, 3):
            payments = []
            for n in range(30):
                letters = list(rng.choice(names))
                if rng.random() < 0.5:
                    letters[rng.randrange(len(letters))] = rng.choice("AEOKLMRST")
                party = ("".join(letters)[:35], "UL MIRA 4", "MOSCOW RU")
                payments.append(Payment(f"D{day}N{n:04d}", creditor=party, date=f"24081{day}"))
            payments.append(Payment(f"D{day}NEW", creditor=(ADDED[1], *party[1:])))
            broken = b"{1:F01BROKEN" if day == 2 else b""
            (folder / f"day{day}.fin").write_bytes(rje(payments) + broken)
        self.scan("day1.fin")
        self.scan("day2.fin", ownership=self.shares)

    def update(self, entries: list[Row], loaded_on: date) -> None:
        lists = write_list(self.folder / f"lists-{loaded_on}", entries)
        watchlists.update(lists, self.workspace.lists, loaded_on=loaded_on)

    def scan(self, *names: str, **values: object) -> None:
        request = ScanRequest(tuple(str(self.folder / n) for n in names), **values)  # type: ignore[arg-type]
        scan(request, self.settings, today=TODAY)

    def rescreen(self, **values: object) -> RescreenSummary:
        return rescreen({}, self.settings, today=TODAY, **values)  # type: ignore[arg-type]

    def outputs(self) -> dict[str, dict[str, str]]:
        return {
            run.manifest.run_id: {output.name: output.sha256 for output in run.manifest.outputs}
            for run in stored_runs(self.workspace.runs)
        }


@pytest.fixture(scope="module", params=SEEDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return Bank(tmp_path_factory.mktemp("bank"), request.param)


@pytest.fixture
def bank(made: Bank, tmp_path: Path) -> Bank:
    """A workspace of its own; the source files stay where they were scanned."""
    copied = object.__new__(Bank)
    copied.__dict__ |= made.__dict__
    copied.workspace = Workspace(tmp_path / "w")
    shutil.copytree(made.workspace.root, copied.workspace.root)
    copied.settings = Settings(workspace=str(copied.workspace.root))
    return copied


def other(bank: Bank, folder: Path) -> Bank:
    copied = object.__new__(Bank)
    copied.__dict__ |= bank.__dict__
    copied.workspace = Workspace(folder)
    shutil.copytree(bank.workspace.root, folder)
    copied.settings = Settings(workspace=str(folder))
    return copied


def nothing_scanned(bank: Bank, folder: Path) -> Bank:
    """A copy with the same lists and nothing else."""
    copied = other(bank, folder)
    shutil.rmtree(copied.workspace.answers)
    copied.workspace.snapshot.unlink()
    for run in copied.workspace.runs.iterdir():
        shutil.rmtree(run)
    return copied


def test_a_rescreening_equals_scans_of_the_same_files(bank: Bank, tmp_path: Path) -> None:
    before = bank.outputs()
    bank.update(bank.next, date(2024, 9, 1))
    full = other(bank, tmp_path / "full")
    shutil.rmtree(full.workspace.answers)
    new_one = nothing_scanned(bank, tmp_path / "new")
    summary = bank.rescreen()
    full.rescreen()
    new_one.scan("day1.fin")
    new_one.scan("day2.fin", ownership=bank.shares)
    assert summary.runs == 2
    assert summary.current == 0
    new = {run: tables for run, tables in bank.outputs().items() if run not in before}
    assert len(new) == 2
    assert new == {run: t for run, t in full.outputs().items() if run not in before}
    assert {t["hits.parquet"] for t in new.values()}.isdisjoint(
        t["hits.parquet"] for t in before.values()
    )
    for run_id in new:
        again = replay(bank.workspace, run_id, bank.settings, side_files={}, progress=silent)
        assert again.differing == ()
    with (
        Snapshot.open(bank.workspace.snapshot) as one,
        Snapshot.open(new_one.workspace.snapshot) as two,
    ):
        for table in TABLES.values():
            if table.published and table.name != "runs":
                shown = [c for c in table.column_names if c not in OF_RUN]
                rows = f"SELECT {', '.join(shown)} FROM {table.name} ORDER BY ALL"
                assert one.rows(rows) == two.rows(rows), table.name
        for name in ("hits", "indicators", "scores", "rejected", "messages", "alerts"):
            assert one.rows(f"SELECT count(*) > 0 FROM {name}") == [(True,)], name


def test_what_newly_is_listed_alerts_without_the_files(bank: Bank, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    bank.update([*bank.entries, ADDED], date(2024, 9, 1))
    before = {key: row["band"] for key, row in scores(bank.workspace).items()}
    days = [bank.folder / f"day{day}.fin" for day in (1, 2)]
    for day in days:
        day.rename(hidden / day.name)
    try:
        bank.rescreen()
    finally:
        for day in days:
            (hidden / day.name).rename(day)
    after = {key: row["band"] for key, row in scores(bank.workspace).items()}
    assert after.keys() == before.keys()
    assert {key for key in after if after[key] != before[key]} >= {"D1NEW", "D2NEW"}
    assert after["D1NEW"] == "escalate"


def test_what_is_current_stays_as_it_is(bank: Bank) -> None:
    assert bank.rescreen().current == 2
    bank.update(bank.next, date(2024, 9, 1))
    dry = bank.rescreen(dry_run=True)
    assert (dry.runs, dry.current, dry.files) == (2, 0, 2)
    assert len(stored_runs(bank.workspace.runs)) == 2
    bank.rescreen()
    again = bank.rescreen()
    assert (again.runs, again.current) == (2, 2)
    assert len(stored_runs(bank.workspace.runs)) == 4
    listed = CliRunner().invoke(cli, ["runs", "list", "-w", str(bank.workspace.root)])
    said = [line.partition("alerts")[2].strip() for line in listed.output.splitlines()]
    assert said == ["", "", "in the place of run 1", "in the place of run 2"]


def test_one_that_was_broken_off_goes_on_and_makes_what_follows_again(
    bank: Bank, tmp_path: Path
) -> None:
    """A night that was scanned with the new lists has a history of old ones."""
    bank.update(bank.next, date(2024, 9, 1))
    broken = other(bank, tmp_path / "broken")

    class BrokenOffError(Exception):
        pass

    def stop(done: int, total: int, made: object) -> None:
        raise BrokenOffError

    with pytest.raises(BrokenOffError):
        broken.rescreen(told=stop)
    broken.scan("day3.fin")
    assert broken.rescreen().current == 1
    assert broken.rescreen().current == 3
    bank.scan("day3.fin")
    bank.rescreen()
    shown = "SELECT * EXCLUDE (run_id) FROM {} ORDER BY ALL"
    with (
        Snapshot.open(bank.workspace.snapshot) as one,
        Snapshot.open(broken.workspace.snapshot) as two,
    ):
        for table in ("scores", "alerts"):
            assert one.rows(shown.format(table)) == two.rows(shown.format(table)), table
        for table in ("bank_exposure", "customer_exposure", "significance"):
            rows = f"SELECT * FROM {table} ORDER BY ALL"
            assert one.rows(rows) == two.rows(rows), table


def test_of_a_run_only_what_still_stands_is_made_again(bank: Bank, tmp_path: Path) -> None:
    bank.scan("day1.fin", "day3.fin", force=True)
    bank.scan("day1.fin", force=True)
    bank.update(bank.next, date(2024, 9, 1))
    full = other(bank, tmp_path / "full")
    before = bank.outputs()
    assert bank.rescreen().runs == 3
    shutil.rmtree(full.workspace.answers)
    full.rescreen()
    assert bank.outputs() == full.outputs()
    assert len(bank.outputs()) == len(before) + 3


def _no_shares(bank: Bank) -> None:
    bank.shares.rename(bank.shares.with_suffix(".away"))


def _other_program(bank: Bank) -> None:
    for path in bank.workspace.runs.glob("*/manifest.json"):
        text = path.read_text("utf-8")
        path.write_text(text.replace('"program_version": "', '"program_version": "0.0.'), "utf-8")


@pytest.mark.parametrize(
    ("harm", "words"),
    [(_no_shares, "was made with --ownership"), (_other_program, "was read by version 0.0.")],
)
def test_what_is_needed_and_gone_is_named(
    bank: Bank, harm: Callable[[Bank], None], words: str
) -> None:
    bank.update(bank.next, date(2024, 9, 1))
    harm(bank)
    try:
        with pytest.raises(UsageError, match=words):
            bank.rescreen()
    finally:
        away = bank.shares.with_suffix(".away")
        if away.exists():
            away.rename(bank.shares)


def test_a_workspace_without_runs_has_nothing_to_rescreen(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="no run stands here"):
        rescreen({}, Settings(workspace=str(workspace.root)), today=TODAY)
