"""A run made again from what it had has equal bytes; where it does not, the table is named."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scanner import watchlists
from scanner.errors import IntegrityError, ScannerError, UsageError
from scanner.manifest import Manifest
from scanner.pipeline.plan import ScanRequest
from scanner.pipeline.replay import Replay, replay
from scanner.pipeline.run_store import MANIFEST_FILE, stored_runs
from scanner.pipeline.runs import prune
from scanner.pipeline.scan import scan, silent
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings
from tests.pipeline.conftest import LISTED, TODAY, write_csv, write_list
from tests.pipeline.payments import Payment, rje
from tests.pipeline.test_end_to_end import OWNERSHIP

LISTED_PARTY = ("OOO TARVEKSIM RADAR ZAVOD", "UL MIRA 1", "MOSCOW RU")


def again(workspace: Workspace, run_id: str, **side_files: Path) -> Replay:
    settings = Settings(workspace=str(workspace.root))
    return replay(workspace, run_id, settings, side_files=side_files, progress=silent)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two days, the second with a history and a side file, then both again with other lists."""
    folder = tmp_path_factory.mktemp("stored")
    workspace = Workspace(folder / "w")
    workspace.create()
    watchlists.update(write_list(folder / "lists"), workspace.lists, loaded_on=date(2024, 5, 3))
    row = ("MIRDONEX HOLDING AO", "OFAC-SDN:91003", "DELQUORA TRADING FZE", "AE", 60, "", "")
    shares = write_csv(folder / "shares.csv", [OWNERSHIP, row])
    for day in (1, 2):
        payments = [Payment(f"D{day}N{n:04d}", date=f"24081{day}") for n in range(20)]
        payments += [Payment(f"D{day}LISTED", creditor=LISTED_PARTY, date=f"24081{day}")]
        (folder / f"day{day}.fin").write_bytes(rje(payments))

    def run(name: str, **values: Any) -> None:
        request = ScanRequest((str(folder / name),), **values)
        scan(request, Settings(workspace=str(workspace.root)), today=TODAY)

    run("day1.fin")
    run("day2.fin", ownership=shares)
    other = ("91009", "ZELMORANT OPTIKA AO", "RUSSIA-EO14024", "Registration ID 7")
    new = write_list(folder / "new-lists", [*LISTED[1:], other])
    watchlists.update(new, workspace.lists, loaded_on=date(2024, 9, 1))
    run("day1.fin")
    run("day2.fin", as_of=date(2024, 8, 12), ownership=shares)
    return workspace


@pytest.fixture
def copied(stored: Workspace, tmp_path: Path) -> Workspace:
    """The same in a place of its own, to be spoiled."""
    there = tmp_path / "copy"
    shutil.copytree(stored.root.parent, there)
    for path in there.glob("w/runs/*/manifest.json"):
        text = path.read_text("utf-8").replace(str(stored.root.parent), str(there))
        path.write_text(text, "utf-8")
    return Workspace(there / "w")


@pytest.mark.parametrize("run_id", ["000001", "000002", "000003", "000004"])
def test_every_run_has_equal_bytes_when_it_is_made_again(stored: Workspace, run_id: str) -> None:
    before = sorted(path.name for path in stored.runs.iterdir())
    made = again(stored, run_id)
    assert made.run_id.startswith(run_id)
    assert made.differing == ()
    assert made.tables > 20
    assert sorted(path.name for path in stored.runs.iterdir()) == before


def test_a_table_that_differs_is_named(copied: Workspace) -> None:
    # Its files have moved, so the tables that name them differ as well.
    folder = stored_runs(copied.runs)[0].folder
    data = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    before = set(again(copied, "000001").differing)
    for output in data["outputs"]:
        if output["name"] in ("hits.parquet", "scores.parquet"):
            output["sha256"] = "0" * 64
    (folder / MANIFEST_FILE).write_text(json.dumps(data), "utf-8")
    assert before == {"messages"}
    assert again(copied, "000001").differing == ("hits", "messages", "scores")


def _change_source(copied: Workspace) -> None:
    (copied.root.parent / "day2.fin").write_bytes(rje([Payment("OTHER")]))


def _lose_source(copied: Workspace) -> None:
    (copied.root.parent / "day2.fin").unlink()


def _change_shares(copied: Workspace) -> None:
    (copied.root.parent / "shares.csv").write_text("owner_name,owned_name\n")


def _lose_shares(copied: Workspace) -> None:
    (copied.root.parent / "shares.csv").unlink()


def _prune_history(copied: Workspace) -> None:
    assert prune(copied, keep=0)


def _other_program(copied: Workspace) -> None:
    path = stored_runs(copied.runs)[1].folder / MANIFEST_FILE
    data = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**data, "program_version": "0.0.9"}), "utf-8")


def _lose_model(copied: Workspace) -> None:
    path = stored_runs(copied.runs)[1].folder / MANIFEST_FILE
    data = json.loads(path.read_text("utf-8"))
    data["model"] = {"version": "2020-01-01-gone", "sha256": "0" * 64}
    path.write_text(json.dumps(data), "utf-8")


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (_change_source, IntegrityError, "a source file is not what the run had"),
        (_lose_source, UsageError, "a source file is not there any more"),
        (_change_shares, IntegrityError, "the file of --ownership is not what"),
        (_lose_shares, UsageError, "the file of --ownership is not there"),
        (_prune_history, UsageError, "was pruned"),
        (_other_program, IntegrityError, "made by version 0.0.9"),
        (_lose_model, UsageError, "model 2020-01-01-gone is not there"),
    ],
)
def test_what_the_run_had_and_is_gone_is_named(
    copied: Workspace, change: Callable[[Workspace], None], error: type[ScannerError], words: str
) -> None:
    change(copied)
    with pytest.raises(error, match=words):
        again(copied, "000002")


def test_a_side_file_that_was_moved_can_be_named(stored: Workspace, tmp_path: Path) -> None:
    shares = stored.root.parent / "shares.csv"
    moved = Path(shutil.copy(shares, tmp_path))
    shares.rename(shares.with_name("away"))
    try:
        assert again(stored, "000002", ownership=moved).differing == ()
    finally:
        shares.with_name("away").rename(shares)


def test_where_side_files_lay_is_no_part_of_a_runs_identity(stored: Workspace) -> None:
    run = stored_runs(stored.runs)[1]
    data = json.loads(run.manifest.to_json())
    assert data["execution"]["side_file_paths"]["ownership"].endswith("shares.csv")
    data["execution"] = {}
    assert Manifest.from_json(json.dumps(data)).sha256() == run.manifest.sha256()
