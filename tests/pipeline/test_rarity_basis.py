"""The basis of rarity stays while lists change a little, and belongs to a run's key."""

import json
from datetime import date
from pathlib import Path

import pytest

from scanner import watchlists
from scanner.errors import IntegrityError
from scanner.pipeline.rarity_basis import basis_for
from scanner.pipeline.replay import replay
from scanner.pipeline.run_store import stored_runs
from scanner.pipeline.scan import silent
from scanner.pipeline.workspace import Workspace
from scanner.settings import Settings
from tests.pipeline.conftest import LISTED, Scan, write_list
from tests.pipeline.payments import Payment, rje


def invented(first: int, count: int) -> list[tuple[str, str, str, str]]:
    return [
        (f"9{i:04d}", f"VELMAR{i} TORGDOM{i}", "RUSSIA-EO14024", "Registration ID 9")
        for i in range(first, first + count)
    ]


MANY = [*LISTED, *invented(2000, 40)]
NEW = ("93001", "ZELMORANT OPTIKA AO", "RUSSIA-EO14024", "Registration ID 7")


def update(workspace: Workspace, folder: Path, entries: list[tuple[str, str, str, str]]) -> None:
    loaded_on = date(2024, 6, len(list(folder.glob("lists-*"))) + 1)
    source = write_list(folder / f"lists-{loaded_on}", entries)
    watchlists.update(source, workspace.lists, loaded_on=loaded_on)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "day.fin"
    path.write_bytes(rje([Payment("A", creditor=(NEW[1], "UL MIRA 4", "MOSCOW RU"))]))
    return path


def bases(workspace: Workspace) -> list[str]:
    return [run.manifest.lists["basis"]["sha256"] for run in stored_runs(workspace.runs)]


def test_it_stays_when_few_names_change_and_goes_when_many_do(
    workspace: Workspace, run_scan: Scan, source: Path, tmp_path: Path
) -> None:
    update(workspace, tmp_path, MANY)
    run_scan(source)
    first = basis_for(workspace)
    update(workspace, tmp_path, [*MANY[:-1], NEW])
    assert basis_for(workspace) == first
    run_scan(source)
    update(workspace, tmp_path, [*MANY, *invented(2500, 20), NEW])
    other = basis_for(workspace)
    assert other != first
    assert other.versions == watchlists.read_active(workspace.lists)
    run_scan(source)
    assert bases(workspace) == [first.sha256, first.sha256, other.sha256]
    # Each run is made again with the basis that it had.
    settings = Settings(workspace=str(workspace.root))
    for run in stored_runs(workspace.runs):
        made = replay(workspace, run.manifest.run_id, settings, side_files={}, progress=silent)
        assert set(made.differing) <= {"messages"}, run.manifest.run_id


def test_another_basis_is_another_key(
    workspace: Workspace, run_scan: Scan, source: Path, tmp_path: Path
) -> None:
    update(workspace, tmp_path, MANY)
    update(workspace, tmp_path, [*MANY, NEW])
    run_scan(source)
    assert run_scan(source).already_done
    older = sorted(path.name for path in (workspace.lists / "OFAC-SDN").iterdir())[-2]
    note = workspace.lists / "basis.json"
    note.write_text(json.dumps({"versions": {"OFAC-SDN": older}}), "utf-8")
    assert not run_scan(source).already_done


def test_without_the_note_the_active_versions_are_the_basis(
    workspace: Workspace, run_scan: Scan, source: Path
) -> None:
    run_scan(source)
    (workspace.lists / "basis.json").unlink()
    assert basis_for(workspace).versions == watchlists.read_active(workspace.lists)
    assert run_scan(source).already_done


def test_a_note_that_cannot_be_read_is_refused(workspace: Workspace) -> None:
    (workspace.lists / "basis.json").write_text("{", "utf-8")
    with pytest.raises(IntegrityError, match="basis of rarity"):
        basis_for(workspace)
